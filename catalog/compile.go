package catalog

import (
	"fmt"

	"github.com/pontage/pontage"
)

// compiled is what a document means, before it meets the rows there are.
type compiled struct {
	name     string
	platform bool
	// host is the document's own, without the instance's prefix.
	host                        string
	title, version, description string
	// sum is the SHA-256 of the document as it came.
	sum        [32]byte
	operations []compiledOperation
	repairs    []Repair
	leftOut    []LeftOut
}

// compiledOperation is one operation, its scope's segment and its answers, lowest status first.
type compiledOperation struct {
	method, path, segment string
	answers               []pontage.Answer
}

// fault says why a document is rejected, and where.
type fault struct{ pointer, reason string }

func faultAt(pointer, format string, args ...any) *fault {
	return &fault{pointer: pointer, reason: fmt.Sprintf(format, args...)}
}

// compile reads a document into what it means.
func compile(d Document) (*compiled, *fault) {
	return nil, faultAt("", "%s cannot be read.", d.Name)
}
