package reference

import (
	"bytes"
	"encoding/json"

	"github.com/pontage/pontage/openapi/docs/tree"
)

// arranged writes a JSON body with the members in the order its schema has them: what matters most usually stands first there.
func (r *reader) arranged(body []byte, n *tree.Node) []byte {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return body
	}
	ordered, err := tree.JSON(tree.Of(value, r.pattern(value, n, 0)))
	if err != nil {
		return body
	}
	return ordered
}

// pattern gives a tree whose members stand as the schema has them, as far as the value goes.
func (r *reader) pattern(value any, n *tree.Node, depth int) *tree.Node {
	if n == nil || depth > 2*deepest {
		return tree.Null()
	}
	s := r.merged(n)
	switch v := value.(type) {
	case []any:
		like := tree.List()
		for _, item := range v {
			like.Content = append(like.Content, r.pattern(item, r.itemsOf(s), depth+1))
		}
		return like
	case map[string]any:
		like := tree.Object()
		for _, part := range s.parts {
			r.patternMembers(like, v, part, depth)
		}
		for _, choice := range s.alternatives() {
			tree.Members(r.pattern(v, choice, depth+1), func(key string, member *tree.Node) {
				if tree.Member(like, key) == nil {
					tree.Set(like, key, member)
				}
			})
		}
		return like
	}
	return tree.Null()
}

// itemsOf is the schema of a list's items, its own or that of the first alternative that is a list.
func (r *reader) itemsOf(s schema) *tree.Node {
	if n := s.member("items"); n != nil {
		return n
	}
	for _, choice := range s.alternatives() {
		if n := r.merged(choice).member("items"); n != nil {
			return n
		}
	}
	return nil
}

func (r *reader) patternMembers(like *tree.Node, value map[string]any, part *tree.Node, depth int) {
	tree.Members(tree.Member(part, "properties"), func(key string, property *tree.Node) {
		if member, there := value[key]; there && tree.Member(like, key) == nil {
			tree.Set(like, key, r.pattern(member, property, depth+1))
		}
	})
}
