package docs

import (
	"net/url"
	"strings"

	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/openapi/docs/edition"
	"github.com/pontage/pontage/openapi/docs/tree"
)

// Publish makes of an imported document (pontage.SourceDocument, unpacked) the one that partners read: JSON in its author's order, whose one
// server leads through this instance at publicURL. What is not offered is not in it; every operation says what it costs. An API that is
// proxied takes a token and nothing else, and may refuse as the gateway does; the platform's own keeps what it says.
func Publish(source []byte, offer catalog.Offer, publicURL string, terms Terms) ([]byte, error) {
	root, err := repaired(source)
	if err != nil {
		return nil, err
	}
	p := &publication{root: root, offer: offer, terms: terms}
	p.base = p.serverPath()
	server := strings.TrimSuffix(publicURL, "/")
	if !offer.API.Platform {
		server += "/apis/" + offer.API.Host + p.base
	}
	tree.Set(p.root, "servers", tree.List(tree.Object("url", tree.Text(server))))
	p.operations()
	if !offer.API.Platform {
		p.secure()
		p.refusals()
		if terms.Simulated != "" {
			edition.Simulable(p.root, terms.Simulated)
		}
	}
	return tree.JSON(p.root)
}

// repaired reads a document as an import does, in its author's order.
func repaired(source []byte) (*tree.Node, error) {
	reading, err := catalog.Read(catalog.Document{Data: source})
	if err != nil {
		return nil, err
	}
	ordered, err := tree.Parse(source)
	if err != nil {
		return nil, err
	}
	return tree.Of(reading.Tree(), ordered), nil
}

// publication is a document on its way.
type publication struct {
	root  *tree.Node
	offer catalog.Offer
	terms Terms
	// base is the path of the document's own server.
	base string
}

// serverPath is the path of the server that the catalogue took the host from.
func (p *publication) serverPath() string {
	for _, s := range tree.Items(tree.Member(p.root, "servers")) {
		address := tree.Value(tree.Member(s, "url"))
		tree.Members(tree.Member(s, "variables"), func(name string, v *tree.Node) {
			address = strings.ReplaceAll(address, "{"+name+"}", tree.Value(tree.Member(v, "default")))
		})
		if u, err := url.Parse(address); err == nil && p.offer.Serves(u.Hostname()) {
			return strings.TrimRight(u.EscapedPath(), "/")
		}
	}
	return ""
}

// operations keeps what is offered and says its terms.
func (p *publication) operations() {
	paths := tree.Member(p.root, "paths")
	if paths == nil {
		return
	}
	kept := paths.Content[:0]
	for i := 0; i+1 < len(paths.Content); i += 2 {
		path, item := paths.Content[i], paths.Content[i+1]
		if tree.Member(item, "$ref") != nil {
			item = p.own(item)
		}
		tree.Remove(item, "servers")
		left := 0
		for _, method := range methods {
			operation := tree.Member(item, method)
			if operation == nil {
				continue
			}
			offered, ok := p.offer.Find(strings.ToUpper(method), p.base+path.Value)
			if !ok {
				tree.Remove(item, method)
				continue
			}
			left++
			p.terms.addTo(operation, offered.Scope, p.offer.API.Platform)
			tree.Remove(operation, "servers")
			if !p.offer.API.Platform {
				tree.Remove(operation, "security")
				tree.Remove(operation, "x-codeSamples")
			}
		}
		if left > 0 {
			kept = append(kept, path, item)
		}
	}
	paths.Content = kept
}

// own gives a path item that is shared as one of its own.
func (p *publication) own(item *tree.Node) *tree.Node {
	shared := tree.Follow(p.root, item)
	if shared == nil {
		return tree.Object()
	}
	copied, err := tree.Expand(shared, func(string) bool { return true }, func(text string) string { return text })
	if err != nil {
		return tree.Object() // what was parsed is within the bounds
	}
	return copied
}

// methods are the keys of a path item that are operations.
var methods = []string{"get", "put", "post", "delete", "patch", "head", "options", "trace"}

// tokenScheme names the one way in.
const tokenScheme = "Token"

// secure takes the API's own ways in away: partners show a token, and the gateway shows the API what it wants.
func (p *publication) secure() {
	components := p.child(p.root, "components")
	tree.Set(components, "securitySchemes", tree.Object(tokenScheme, tree.Object("type", tree.Text("http"), "scheme", tree.Text("bearer"),
		"description", tree.Text("A token of yours that holds the operation's scope."))))
	tree.Set(p.root, "security", tree.List(tree.Object(tokenScheme, tree.List())))
}

// refused are the statuses of the gateway's own refusals, and what they mean.
var refused = []struct{ status, name, text string }{
	{"401", "PontageUnauthorized", "There is no token, or it is not valid any more. Nothing was charged."},
	{"402", "PontageUnpaid", "Nothing can pay for the call: no free calls are left, no subscription covers it, and the wallet holds too little. Nothing was charged."},
	{"403", "PontageForbidden", "The token lacks the operation's scope, or may not be used from this address. Nothing was charged."},
	{"429", "PontageLimited", "A limit is used up: of the rate, or of the token. `Retry-After` says when it ends. Nothing was charged."},
	{"503", "PontageUnavailable", "The API, or the gateway, cannot answer now. Nothing was charged."},
}

// refusals adds what the gateway may answer where the document says nothing of that status.
func (p *publication) refusals() {
	components := p.child(p.root, "components")
	responses, schemas := p.child(components, "responses"), p.child(components, "schemas")
	tree.Set(schemas, "PontageRefusal", tree.Object("type", tree.Text("object"),
		"description", tree.Text("How the gateway says no."),
		"required", texts([]string{"data", "success", "message", "error"}),
		"properties", tree.Object(
			"data", tree.Object("description", tree.Text("Always null.")),
			"success", tree.Object("type", tree.Text("boolean"), "description", tree.Text("Always false.")),
			"message", tree.Object("type", tree.Text("string"), "description", tree.Text("What is wrong and what to do.")),
			"error", tree.Object("type", tree.Text("integer"), "description", tree.Text("A stable number.")),
			"code", tree.Object("type", tree.Text("string"), "description", tree.Text("A stable word."))),
	))
	for _, r := range refused {
		tree.Set(responses, r.name, tree.Object("description", tree.Text(r.text), "content", tree.Object("application/json",
			tree.Object("schema", tree.Object("$ref", tree.Text("#/components/schemas/PontageRefusal"))))))
	}
	tree.Members(tree.Member(p.root, "paths"), func(_ string, item *tree.Node) {
		for _, method := range methods {
			answers := tree.Member(tree.Member(item, method), "responses")
			for _, r := range refused {
				if answers != nil && tree.Member(answers, r.status) == nil {
					tree.Set(answers, r.status, tree.Object("$ref", tree.Text("#/components/responses/"+r.name)))
				}
			}
		}
	})
}

// child gives a member that is a mapping, and makes it where it is missing.
func (p *publication) child(n *tree.Node, key string) *tree.Node {
	if m := tree.Member(n, key); tree.IsObject(m) {
		return m
	}
	m := tree.Object()
	tree.Set(n, key, m)
	return m
}
