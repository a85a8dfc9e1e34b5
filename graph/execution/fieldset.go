package execution

import (
	"bytes"
	"context"
	"io"
	"sync"

	"github.com/99designs/gqlgen/graphql"
)

// FieldSet is an object on its way into the answer: what was asked for of it, and what that came to.
type FieldSet struct {
	fields []graphql.CollectedField
	// Values are in the order of the fields.
	Values []graphql.Marshaler
	// Invalids counts fields that are null and must not be.
	Invalids uint32
	delayed  []delayed
}

// delayed is a field whose resolver may wait for something.
type delayed struct {
	index   int
	resolve func(context.Context) graphql.Marshaler
}

// NewFieldSet begins an object.
func NewFieldSet(fields []graphql.CollectedField) *FieldSet {
	return &FieldSet{fields: fields, Values: make([]graphql.Marshaler, len(fields))}
}

// Concurrently notes a field that Dispatch resolves.
func (s *FieldSet) Concurrently(index int, resolve func(context.Context) graphql.Marshaler) {
	s.delayed = append(s.delayed, delayed{index, resolve})
}

// Dispatch resolves the fields that were noted, at once where there are several.
func (s *FieldSet) Dispatch(ctx context.Context) {
	if len(s.delayed) == 0 {
		return
	}
	var others sync.WaitGroup
	for _, d := range s.delayed[1:] {
		others.Go(func() { s.Values[d.index] = d.resolve(ctx) })
	}
	first := s.delayed[0]
	s.Values[first.index] = first.resolve(ctx)
	others.Wait()
}

// MarshalGQL implements graphql.Marshaler.
func (s *FieldSet) MarshalGQL(w io.Writer) {
	out, direct := w.(*bytes.Buffer)
	if !direct {
		out = &bytes.Buffer{}
	}
	s.write(out)
	if !direct {
		_, _ = w.Write(out.Bytes()) // gqlgen's writers keep their errors
	}
}

func (s *FieldSet) write(out *bytes.Buffer) {
	before := byte('{')
	for i := range s.fields {
		if s.repeats(i) {
			continue
		}
		out.WriteByte(before)
		out.WriteByte('"')
		out.WriteString(s.fields[i].Alias) // GraphQL's names need no escapes
		out.WriteString(`":`)
		s.Values[i].MarshalGQL(out)
		before = ','
	}
	if before == '{' {
		out.WriteByte('{')
	}
	out.WriteByte('}')
}

// repeats says whether the field's name is that of one before: fragments on different interfaces may both ask for it.
func (s *FieldSet) repeats(index int) bool {
	for i := range index {
		if s.fields[i].Alias == s.fields[index].Alias {
			return true
		}
	}
	return false
}
