package catalog

import (
	"fmt"
	"strings"

	"github.com/pontage/pontage"
)

// Report says what an import did.
type Report struct {
	Documents []DocumentReport `json:"documents"`
	// Unused are price entries that fit no API of this import; Gone the hosts a complete import disabled.
	Unused []string `json:"unused,omitempty"`
	Gone   []string `json:"gone,omitempty"`
}

// DocumentReport is what became of one document.
type DocumentReport struct {
	Document string        `json:"document"`
	Host     string        `json:"host,omitempty"`
	API      pontage.APIID `json:"api,omitempty"`
	Title    string        `json:"title,omitempty"`
	// Outcome is "created", "updated", "unchanged" or "rejected".
	Outcome string `json:"outcome"`
	// Rejection says why, and the pointer where; both are empty otherwise.
	Rejection string `json:"rejection,omitempty"`
	Pointer   string `json:"pointer,omitempty"`

	Operations int `json:"operations"`
	Scopes     int `json:"scopes"`
	// Sellable counts scopes with a price; Upstream says whether calls have somewhere to go.
	Sellable int  `json:"sellable"`
	Upstream bool `json:"upstream"`
	// DisabledOperations and DisabledScopes were there before and are not any more.
	DisabledOperations int `json:"disabledOperations"`
	DisabledScopes     int `json:"disabledScopes"`
	// Examples and Generated count the compiled answers by where their body came from; Empty have none.
	Examples  int       `json:"examples"`
	Generated int       `json:"generated"`
	Empty     int       `json:"empty"`
	Repairs   []Repair  `json:"repairs,omitempty"`
	LeftOut   []LeftOut `json:"leftOut,omitempty"`
	// Difference is there in the report of a Check.
	Difference *Difference `json:"difference,omitempty"`
}

// Repair is a harmless fault that was put right in our copy of the document.
type Repair struct {
	Document string `json:"document"`
	// Pointer is the JSON pointer of the fault; What says what was done.
	Pointer string `json:"pointer"`
	What    string `json:"what"`
}

// LeftOut is a part of the document that could not be taken over, and why.
type LeftOut struct {
	Pointer string `json:"pointer"`
	Reason  string `json:"reason"`
}

// Rejected says how many documents were refused.
func (r *Report) Rejected() int {
	n := 0
	for i := range r.Documents {
		if r.Documents[i].Outcome == outcomeRejected {
			n++
		}
	}
	return n
}

// Totals sums the documents up.
func (r *Report) Totals() DocumentReport {
	sum := DocumentReport{Document: "total"}
	for i := range r.Documents {
		d := &r.Documents[i]
		sum.Operations += d.Operations
		sum.Scopes += d.Scopes
		sum.Sellable += d.Sellable
		sum.DisabledOperations += d.DisabledOperations
		sum.DisabledScopes += d.DisabledScopes
		sum.Examples += d.Examples
		sum.Generated += d.Generated
		sum.Empty += d.Empty
		sum.Repairs = append(sum.Repairs, d.Repairs...)
		sum.LeftOut = append(sum.LeftOut, d.LeftOut...)
	}
	return sum
}

// String is the report as text for people, one paragraph per document.
func (r *Report) String() string {
	var b strings.Builder
	for i := range r.Documents {
		r.Documents[i].write(&b)
	}
	for _, text := range r.Unused {
		fmt.Fprintf(&b, "price entry %s fits no imported API\n", text)
	}
	for _, host := range r.Gone {
		fmt.Fprintf(&b, "%s: disabled, its document is gone\n", host)
	}
	sum := r.Totals()
	fmt.Fprintf(&b, "%d documents, %d rejected: %d operations, %d scopes (%d with a price), %d repairs, %d left out; answers: %d from examples, %d generated, %d empty\n",
		len(r.Documents), r.Rejected(), sum.Operations, sum.Scopes, sum.Sellable, len(sum.Repairs), len(sum.LeftOut), sum.Examples, sum.Generated, sum.Empty)
	return b.String()
}

// write adds one document's paragraph.
func (d *DocumentReport) write(b *strings.Builder) {
	if d.Outcome == outcomeRejected {
		fmt.Fprintf(b, "%s: rejected at %s: %s\n", d.Document, d.Pointer, d.Rejection)
		return
	}
	fmt.Fprintf(b, "%s: %s %s, %d operations, %d scopes (%d with a price); answers: %d from examples, %d generated, %d empty\n",
		d.Document, d.Host, d.Outcome, d.Operations, d.Scopes, d.Sellable, d.Examples, d.Generated, d.Empty)
	if !d.Upstream {
		b.WriteString("  no upstream is named\n")
	}
	if d.DisabledOperations+d.DisabledScopes > 0 {
		fmt.Fprintf(b, "  gone and disabled: %d operations, %d scopes\n", d.DisabledOperations, d.DisabledScopes)
	}
	if d.Difference != nil {
		d.Difference.write(b)
	}
	for _, r := range d.Repairs {
		fmt.Fprintf(b, "  repaired %s: %s\n", r.Pointer, r.What)
	}
	for _, l := range d.LeftOut {
		fmt.Fprintf(b, "  left out %s: %s\n", l.Pointer, l.Reason)
	}
}
