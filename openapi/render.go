package openapi

import (
	"fmt"
	"strings"

	"github.com/pontage/pontage/openapi/docs/reference"
	"github.com/pontage/pontage/openapi/docs/samples"
	"github.com/pontage/pontage/openapi/docs/tree"
)

// Served is a document as an instance hands it out.
type Served struct{ JSON, YAML []byte }

// Render makes the served document from its source: the one server is serverURL, exampleHost is replaced by host wherever it stands,
// what only our generator reads is gone, and every operation has code samples that run against serverURL. The order of the source
// is kept.
func Render(source []byte, serverURL, exampleHost, host string) (Served, error) {
	root, err := render(source, serverURL, exampleHost, host)
	if err != nil {
		return Served{}, fmt.Errorf("openapi document: %w", err)
	}
	asJSON, err := tree.JSON(root)
	if err != nil {
		return Served{}, fmt.Errorf("openapi document: %w", err)
	}
	asYAML, err := tree.YAML(root)
	return Served{JSON: asJSON, YAML: asYAML}, err
}

func render(source []byte, serverURL, exampleHost, host string) (*tree.Node, error) {
	root, err := tree.Parse(source)
	if err != nil {
		return nil, err
	}
	ours := func(key string) bool { return !strings.HasPrefix(key, "x-go-") }
	root, err = tree.Expand(root, ours, strings.NewReplacer(exampleHost, host).Replace)
	if err != nil {
		return nil, err
	}
	tree.Set(root, "servers", tree.List(tree.Object("url", tree.Text(serverURL))))
	plain, err := tree.JSON(root)
	if err != nil {
		return nil, err
	}
	ref, err := reference.Read(plain)
	if err != nil {
		return nil, err
	}
	return samples.Add(ref)
}
