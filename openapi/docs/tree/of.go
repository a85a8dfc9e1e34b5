package tree

import (
	"maps"
	"slices"
)

// Of makes a tree of maps, lists, texts, booleans, nil and json.Number. Members come in the order they have in like, new ones after
// them by name.
func Of(value any, like *Node) *Node {
	switch v := value.(type) {
	case map[string]any:
		n, done := Object(), map[string]bool{}
		add := func(key string, old *Node) {
			if member, there := v[key]; there && !done[key] {
				done[key] = true
				n.Content = append(n.Content, Text(key), Of(member, old))
			}
		}
		Members(like, add)
		for _, key := range slices.Sorted(maps.Keys(v)) {
			add(key, nil)
		}
		return n
	case []any:
		n, old := List(), Items(like)
		for i, item := range v {
			var one *Node
			if i < len(old) {
				one = old[i]
			}
			n.Content = append(n.Content, Of(item, one))
		}
		return n
	}
	return scalar(value)
}
