package tree

import (
	"net/url"
	"strconv"
	"strings"
)

// lookup resolves "#/a/b"; nil where nothing is there.
func lookup(root *Node, ref string) *Node {
	path, local := strings.CutPrefix(ref, "#/")
	if !local {
		return nil
	}
	for key := range strings.SplitSeq(path, "/") {
		if plain, err := url.PathUnescape(key); err == nil {
			key = plain
		}
		key = unescapePointer(key)
		if items := Items(root); items != nil {
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(items) {
				return nil
			}
			root = items[i]
			continue
		}
		root = Member(root, key)
	}
	return root
}
