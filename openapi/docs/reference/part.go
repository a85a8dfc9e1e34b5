package reference

import (
	"encoding/json"
	"strings"

	"github.com/pontage/pontage/openapi/docs/tree"
)

// Part is one part of a form that is sent as multipart/form-data.
type Part struct {
	Name string
	// Value is what is sent or, of a File, the name of one.
	Value string
	File  bool
}

// base is the content type without its parameters, in lower case.
func (c Content) base() string {
	base, _, _ := strings.Cut(c.Type, ";")
	return strings.ToLower(strings.TrimSpace(base))
}

// Multipart says whether bodies of this content type are forms with parts. Their Example is a JSON object, which Parts take apart.
func (c Content) Multipart() bool { return c.base() == "multipart/form-data" }

// Binary says whether bodies of this content type are no text that a program could hold.
func (c Content) Binary() bool {
	base := c.base()
	return !c.JSON() && !c.Multipart() && !strings.HasPrefix(base, "text/") && base != "application/x-www-form-urlencoded" &&
		base != "application/xml" && !strings.HasSuffix(base, "+xml")
}

// File is a name for a file that holds such a body.
func (c Content) File() string {
	if ending, known := endings[c.base()]; known {
		return "file." + ending
	}
	return "file.bin"
}

var endings = map[string]string{"application/pdf": "pdf", "application/zip": "zip", "application/gzip": "gz", "image/png": "png", "image/jpeg": "jpg",
	"image/gif": "gif", "image/webp": "webp", "audio/mpeg": "mp3", "video/mp4": "mp4"}

// parts takes the example of a form apart: a list is as many parts as it has items.
func (r *reader) parts(example []byte, n *tree.Node) (list []Part) {
	object, err := tree.ParseJSON(example)
	if err != nil {
		return nil
	}
	s := r.merged(n)
	tree.Members(object, func(name string, value *tree.Node) {
		file := r.isFile(s, name)
		values := []*tree.Node{value}
		if items := tree.Items(value); items != nil {
			values = items
		}
		for _, v := range values {
			p := Part{Name: name, Value: partText(v), File: file}
			if file {
				p.Value = "file.bin"
			}
			list = append(list, p)
		}
	})
	return list
}

// isFile says whether a part is a file, or files.
func (r *reader) isFile(s schema, name string) bool {
	for _, part := range s.parts {
		property := tree.At(part, "properties", name)
		if property == nil {
			continue
		}
		p := r.merged(property)
		if items := p.member("items"); isMapping(items) {
			p = r.merged(items)
		}
		return p.text("format") == "binary" || p.text("contentMediaType") != ""
	}
	return false
}

// partText is a value as a part of its own: a text as it is, everything else as JSON.
func partText(n *tree.Node) string {
	text, err := tree.JSON(n)
	if err != nil {
		return ""
	}
	var plain string
	if json.Unmarshal(text, &plain) == nil {
		return plain
	}
	return string(text)
}
