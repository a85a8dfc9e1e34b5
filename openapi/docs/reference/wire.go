package reference

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Texts are the example as it goes over the wire in a path or a header, one text per item; a value without items is one text.
func (p Parameter) Texts() []string {
	switch v := p.Example.(type) {
	case []any:
		list := make([]string, 0, len(v))
		for _, item := range v {
			list = append(list, wire(item))
		}
		return list
	case map[string]any:
		var list []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			list = append(list, key, wire(v[key]))
		}
		return list
	}
	return []string{wire(p.Example)}
}

// Pairs are the example as names and values of a query.
func (p Parameter) Pairs() (pairs [][2]string) {
	if object, ok := p.Example.(map[string]any); ok && (p.Explode || p.Style == "deepObject") {
		for _, key := range slices.Sorted(maps.Keys(object)) {
			name := key
			if p.Style == "deepObject" {
				name = p.Name + "[" + key + "]"
			}
			pairs = append(pairs, [2]string{name, wire(object[key])})
		}
		return pairs
	}
	separator := map[string]string{"spaceDelimited": " ", "pipeDelimited": "|"}[p.Style]
	if separator == "" {
		separator = ","
	}
	texts := p.Texts()
	if _, list := p.Example.([]any); !list || !p.Explode {
		texts = []string{strings.Join(texts, separator)}
	}
	for _, text := range texts {
		pairs = append(pairs, [2]string{p.Name, text})
	}
	return pairs
}

// wire writes one value; what is no scalar is JSON.
func wire(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return string(v)
	case bool:
		return fmt.Sprint(v)
	}
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}
