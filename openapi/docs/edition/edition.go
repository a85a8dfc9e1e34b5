package edition

import (
	"fmt"

	"github.com/pontage/pontage/openapi/docs/reference"
	"github.com/pontage/pontage/openapi/docs/samples"
	"github.com/pontage/pontage/openapi/docs/tree"
)

// Edition is a document as it is handed out.
type Edition struct {
	// Reference is what is shown of it.
	Reference *reference.Reference
	// JSON and YAML have the document's own version, Newer and NewerYAML are OpenAPI 3.1.
	JSON, YAML, Newer, NewerYAML []byte
}

// Of makes all editions of a document as it is: its servers and its security stay.
func Of(document []byte) (*Edition, error) {
	ref, err := reference.Read(document)
	if err != nil {
		return nil, err
	}
	e := &Edition{Reference: ref}
	root, err := samples.Add(ref)
	if err != nil {
		return nil, err
	}
	if e.JSON, e.YAML, err = written(root); err != nil {
		return nil, err
	}
	Upgrade(root)
	e.Newer, e.NewerYAML, err = written(root)
	return e, err
}

func written(root *tree.Node) (asJSON, asYAML []byte, err error) {
	if asJSON, err = tree.JSON(root); err != nil {
		return nil, nil, fmt.Errorf("document: %w", err)
	}
	if asYAML, err = tree.YAML(root); err != nil {
		return nil, nil, fmt.Errorf("document: %w", err)
	}
	return asJSON, asYAML, nil
}
