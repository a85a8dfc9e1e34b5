package edition

import (
	"fmt"
	"strings"

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

// Of makes all editions of a document that is ours: its servers and its security stay.
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

// Rehosted makes all editions of an imported document: serverURL is where its operations are here, and a token of ours is the only way to
// authenticate.
func Rehosted(document []byte, serverURL string) (*Edition, error) {
	ref, err := reference.Read(document)
	if err != nil {
		return nil, err
	}
	root, err := rehost(ref.Root, serverURL)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	text, err := tree.JSON(root)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	return Of(text)
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

// scheme is the name of our way to authenticate.
const scheme = "Token"

// rehost copies a document and makes it ours.
func rehost(original *tree.Node, serverURL string) (*tree.Node, error) {
	root, err := tree.Copy(original)
	if err != nil {
		return nil, err
	}
	tree.Set(root, "servers", tree.List(tree.Object("url", tree.Text(serverURL))))
	tree.Set(root, "security", tree.List(tree.Object(scheme, tree.List())))
	components := tree.Member(root, "components")
	if components == nil {
		components = tree.Object()
		tree.Set(root, "components", components)
	}
	tree.Set(components, "securitySchemes", tree.Object(scheme, tree.Object("type", tree.Text("http"), "scheme", tree.Text("bearer"),
		"description", tree.Text("A token that holds the scope of the operation."))))
	tree.Members(tree.Member(root, "paths"), func(_ string, item *tree.Node) {
		tree.Remove(item, "servers")
		tree.Members(item, func(key string, operation *tree.Node) {
			if !strings.HasPrefix(key, "x-") {
				tree.Remove(operation, "security")
				tree.Remove(operation, "servers")
			}
		})
	})
	return root, nil
}
