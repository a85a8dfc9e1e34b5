package openapi

import (
	"fmt"
	"strings"

	"github.com/pontage/pontage/openapi/docs/edition"
	"github.com/pontage/pontage/openapi/docs/tree"
)

// Render makes the served editions of a document from its source: the one server is serverURL, exampleHost is replaced by host wherever
// it stands, what only our generator reads is gone, and every operation has code samples that run against serverURL. The order of the
// source is kept.
func Render(source []byte, serverURL, exampleHost, host string) (*edition.Edition, error) {
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
	return edition.Of(plain)
}
