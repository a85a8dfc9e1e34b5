package storage

import (
	"bytes"
	"strconv"
)

// planned is a statement for units of work whose text is always the same, so that it is planned once a connection: on SQLite it is
// bound, on PostgreSQL each column of several rows is one parameter, an array, however many there are.
func (t tx) planned(text string) *statement {
	s := t.fixed(text)
	s.planned = t.postgres
	return s
}

// column gives where the next value of a planned statement goes: within rows the next of their columns, else a parameter of its own.
func (s *statement) column(k *kind) *column {
	if !s.inRows {
		c := newColumn(k)
		c.alone = true
		s.columns = append(s.columns, c)
		s.text = append(s.parameter(s.text, len(s.columns)), k.name...)
		return c
	}
	if s.next == len(s.columns) {
		s.columns = append(s.columns, newColumn(k))
	}
	s.next++
	return s.columns[s.next-1]
}

// parameter adds the name of the n-th column and the cast to its type, but for the type.
func (s *statement) parameter(text []byte, n int) []byte {
	from := 0
	if len(s.parts) > 0 {
		from = s.parts[len(s.parts)-1].args
	}
	return append(strconv.AppendInt(append(text, '$'), int64(n-from), 10), "::"...)
}

// unnested is several rows of a planned statement: what stands as VALUES in others is read from arrays. The columns have the names that those
// of VALUES have.
func (s *statement) unnested(count int, write func(i int)) *statement {
	first := len(s.columns)
	s.inRows = true
	for i := range count {
		s.next = first
		write(i)
	}
	s.inRows = false
	s.text = append(bytes.TrimSuffix(s.text, []byte("VALUES ")), "SELECT * FROM unnest("...)
	for i, c := range s.columns[first:] {
		s.text = append(append(s.parameter(s.separated(i), first+i+1), c.kind.name...), "[]"...)
	}
	s.sql(") AS u (")
	for i := range s.columns[first:] {
		s.text = strconv.AppendInt(append(s.separated(i), "column"...), int64(i+1), 10)
	}
	return s.sql(")")
}

func (s *statement) separated(i int) []byte {
	if i == 0 {
		return s.text
	}
	return append(s.text, ',')
}

// steps are the single statements of the text.
func (s *statement) steps() []step {
	s.end()
	steps := make([]step, 0, len(s.parts))
	var from part
	for _, to := range s.parts {
		steps = append(steps, step{text: string(s.text[from.text:to.text]), planned: true, columns: s.columns[from.args:to.args]})
		from = to
	}
	return steps
}
