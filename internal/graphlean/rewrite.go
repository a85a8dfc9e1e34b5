package main

import (
	"errors"
	"fmt"
	"regexp"
)

// rewrite makes the edits in all files. Each must fit somewhere: what fits nowhere is gqlgen's text no more.
func rewrite(files map[string][]byte) error {
	var missing []error
	for _, e := range edits {
		if e.make(files) == 0 {
			missing = append(missing, fmt.Errorf("there is nowhere %s: gqlgen writes it in another way now", e.name))
		}
	}
	if err := errors.Join(missing...); err != nil {
		return err
	}
	if err := withoutInputs(files); err != nil {
		return err
	}
	byPointer(files)
	for name, text := range files {
		text, err := withImports(name, text)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		files[name] = text
	}
	return nil
}

// make does it wherever it fits and says how often that was.
func (e edit) make(files map[string][]byte) (times int) {
	pattern, replacement := e.pattern(), []byte(e.replacement())
	for name, text := range files {
		times += len(pattern.FindAllIndex(text, -1))
		files[name] = pattern.ReplaceAll(text, replacement)
	}
	return times
}

var inputs = regexp.MustCompile(`\tinputUnmarshalMap := graphql\.BuildUnmarshalerMap\(\n(?:\t\tec\.\w+,\n)*\t\)\n`)

// withoutInputs takes out the map of readers, which is nobody's any more.
func withoutInputs(files map[string][]byte) error {
	found := false
	for name, text := range files {
		found = found || inputs.Match(text)
		files[name] = inputs.ReplaceAll(text, nil)
	}
	if !found {
		return errors.New("the map of input readers is not found")
	}
	return nil
}

var (
	copying = regexp.MustCompile(`(?m)^func \(ec \*executionContext\) (marshal\S+)\(ctx context\.Context, sel ast\.SelectionSet, v [^*\n]+\) graphql\.Marshaler \{\n\treturn ec\.(_\w+)\(ctx, sel, &v\)\n\}`)
	copied  = regexp.MustCompile(`return ec\.(marshal[^(\n]+)\((.+), (v\[i\]|obj\.[\w.]+)\)\n`)
)

// byPointer gives objects that lie in a list or in another object by their address, not by a copy of each.
func byPointer(files map[string][]byte) {
	object := map[string]string{}
	for _, text := range files {
		for _, m := range copying.FindAllSubmatch(text, -1) {
			object[string(m[1])] = string(m[2])
		}
	}
	for name, text := range files {
		files[name] = copied.ReplaceAllFunc(text, func(call []byte) []byte {
			m := copied.FindSubmatch(call)
			if of, ok := object[string(m[1])]; ok {
				return fmt.Appendf(nil, "return ec.%s(%s, &%s)\n", of, m[2], m[3])
			}
			return call
		})
	}
}
