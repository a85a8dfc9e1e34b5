package reference

import "github.com/pontage/pontage/openapi/docs/tree"

// Reference is a document for people to read.
type Reference struct {
	Title, Version, Description string
	License                     Link
	Servers                     []Server
	// Schemes are the ways to authenticate, in the document's order.
	Schemes []Scheme
	// Tags are those the document declares and then those that operations name, each once, in order.
	Tags       []Tag
	Operations []Operation
	// Root is the repaired document in its own order. It must not be changed; tree.Expand copies it.
	Root *tree.Node
}

// Link is a name with an address, either of which may be empty.
type Link struct{ Name, URL string }

// Server is an address that operations are below; variables stand at their defaults.
type Server struct{ URL, Description string }

// Tag groups operations.
type Tag struct{ Name, Description string }

// Scheme is a way to authenticate.
type Scheme struct {
	// Name is the document's key. Type is "http", "apiKey", "oauth2", "openIdConnect" or "mutualTLS".
	Name, Type, Description string
	// Scheme is "basic", "bearer" or another one of HTTP, in lower case, where Type is "http".
	Scheme string
	// In and Parameter say where an API key goes ("header", "query", "cookie") and under which name.
	In, Parameter string
}

// Basic and Bearer say whether it is that scheme of HTTP.
func (s Scheme) Basic() bool  { return s.Type == "http" && s.Scheme == "basic" }
func (s Scheme) Bearer() bool { return s.Type == "http" && s.Scheme == "bearer" }

// Operation is one method of one path.
type Operation struct {
	// ID is the operationId, empty where the document gives none. Slug is made of ID, or of method and path; it is unique in the document,
	// stays the same while the operation does, and has lower-case letters, digits, "-" and "_" only.
	ID, Slug string
	// Method is in upper case, Path the document's template, such as "/books/{id}".
	Method, Path string
	// Summary is never empty: the method and path stand in for it. Description is Markdown.
	Summary, Description string
	Tags                 []string
	Deprecated           bool
	// Security lists what may be used, each a set of schemes that go together; empty means that none is needed.
	Security [][]string
	// Parameters are those of the path first, then of query, header and cookie, each in the document's order.
	Parameters []Parameter
	// Body is nil where the operation takes none.
	Body *Body
	// Answers come in the document's order.
	Answers []Answer
}

// Parameter is a value outside the body.
type Parameter struct {
	// In is "path", "query", "header" or "cookie".
	Name, In, Description string
	Required, Deprecated  bool
	// Type is for people, such as "integer" or "array of string". Rules are what the value must keep to, one each.
	Type  string
	Rules []string
	// Example is a value the schema accepts: text, json.Number, bool, list or map; nil where none could be made. Offered says that it is
	// the document's own.
	Example any
	Offered bool
	// Explode and Style say how lists and maps are written.
	Explode bool
	Style   string
}

// Body is what a request carries.
type Body struct {
	Description string
	Required    bool
	// Content has one entry per content type, the preferred first.
	Content []Content
}

// Answer is one documented answer.
type Answer struct {
	// Status is a status, a range such as "4XX", or "default".
	Status, Description string
	Headers             []Parameter
	// Content has one entry per content type, the preferred first; it may be empty.
	Content []Content
}

// Content is a body of one content type.
type Content struct {
	Type   string
	Fields []Field
	// Example is written as the content type wants it, JSON compact. Valid says that the schema accepts it, Generated that it was made
	// from the schema.
	Example          []byte
	Valid, Generated bool
	// Parts are those of the example of a form with parts.
	Parts []Part
}

// Field is one line of a schema's description.
type Field struct {
	// Path names it from the top of the body, such as "limits.ip[]" or "prices.{name}"; empty for the body itself. Name is its last part.
	Path, Name string
	// Depth counts from 0.
	Depth int
	// Type is for people, such as "string", "array of integer", "one of".
	Type, Description string
	// Option says that the line is one alternative of the line above it; Name is then the alternative's.
	Option                                            bool
	Required, Nullable, ReadOnly, WriteOnly, Outdated bool
	// Rules are what the value must keep to, one each, such as "at most 100".
	Rules []string
	// Example is the document's own for this field as JSON; empty where it gives none.
	Example string
}

// Preferred is the first content, nil where there is none.
func Preferred(all []Content) *Content {
	if len(all) == 0 {
		return nil
	}
	return &all[0]
}
