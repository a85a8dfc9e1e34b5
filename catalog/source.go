package catalog

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// published is what an import keeps of a document for those who read it.
type published struct {
	// source is the document as it came, compressed.
	source []byte
	// digests say of every operation, by method and path, what it means: with all it refers to.
	digests map[string]string
}

// publish makes it once; that takes too long for a unit of work.
func (c *compiled) publish() error {
	if c.published != nil {
		return nil
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(c.data); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	c.published = &published{source: packed.Bytes(), digests: c.operationDigests()}
	return nil
}

// Source unpacks what an import kept (pontage.SourceDocument).
func Source(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("stored document: %w", err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("stored document: %w", err)
	}
	return text, nil
}

// operationDigests goes through all operations of the tree.
func (c *compiled) operationDigests() map[string]string {
	digests := map[string]string{}
	paths, _ := c.tree["paths"].(map[string]any)
	for path, raw := range paths {
		item := follow(c.tree, raw)
		for _, key := range operationKeys {
			operation, ok := item[key].(map[string]any)
			if !ok {
				continue
			}
			refs := map[string]any{}
			c.collect(operation, refs)
			c.collect(item["parameters"], refs)
			text, err := json.Marshal([]any{operation, item["parameters"], refs})
			if err != nil {
				continue // what was parsed marshals
			}
			sum := sha256.Sum256(text)
			digests[strings.ToUpper(key)+" "+c.base+escapeTemplate(path)] = hex.EncodeToString(sum[:12])
		}
	}
	return digests
}

// collect gathers what a value refers to, directly or not, by reference.
func (c *compiled) collect(value any, refs map[string]any) {
	switch v := value.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			if _, done := refs[ref]; !done {
				refs[ref] = lookup(c.tree, ref)
				c.collect(refs[ref], refs)
			}
		}
		for _, member := range v {
			c.collect(member, refs)
		}
	case []any:
		for _, item := range v {
			c.collect(item, refs)
		}
	}
}
