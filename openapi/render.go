package openapi

import (
	"fmt"
	"strings"

	"github.com/pontage/pontage/openapi/docs/tree"
)

// Render makes a document from its source, as JSON: the one server is serverURL, exampleHost is replaced by host wherever it stands, and
// what only our generator reads is gone. The order of the source is kept. Its editions, with code samples that run against serverURL, are
// for edition.Of to make, which takes ten times as long.
func Render(source []byte, serverURL, exampleHost, host string) ([]byte, error) {
	root, err := tree.Parse(source)
	if err != nil {
		return nil, fmt.Errorf("openapi document: %w", err)
	}
	ours := func(key string) bool { return !strings.HasPrefix(key, "x-go-") }
	root, err = tree.Expand(root, ours, strings.NewReplacer(exampleHost, host).Replace)
	if err != nil {
		return nil, fmt.Errorf("openapi document: %w", err)
	}
	tree.Set(root, "servers", tree.List(tree.Object("url", tree.Text(serverURL))))
	plain, err := tree.JSON(root)
	if err != nil {
		return nil, fmt.Errorf("openapi document: %w", err)
	}
	return plain, nil
}
