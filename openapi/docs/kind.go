package docs

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/openapi/docs/edition"
	"github.com/pontage/pontage/openapi/docs/pdf"
	"github.com/pontage/pontage/openapi/docs/postman"
	"github.com/pontage/pontage/openapi/docs/reference"
)

// kind is one form in which an API's document can be had.
type kind struct {
	// Name is its file's name, under which it is kept too.
	Name        string
	contentType string
	// Label is what people call it, Use what it is for.
	Label, Use string
	// binary ones are kept as they are, the others compressed.
	binary bool
	// print makes it by itself, because that takes longer than all others together; nil where edit makes it.
	print func(*reference.Reference) ([]byte, error)
}

// kinds are what can be downloaded, in the order of the page. All but the printed one are made together: the document is read once for all.
var kinds = []kind{
	{Name: "openapi.json", contentType: "application/json", Label: "OpenAPI, JSON", Use: "For generators, in the document's own version"},
	{Name: "openapi.yaml", contentType: "application/yaml", Label: "OpenAPI, YAML", Use: "The same to read and compare"},
	{Name: "openapi-3.1.json", contentType: "application/json", Label: "OpenAPI 3.1, JSON", Use: "With schemas that are JSON Schema"},
	{Name: "openapi-3.1.yaml", contentType: "application/yaml", Label: "OpenAPI 3.1, YAML", Use: "The same to read and compare"},
	{Name: "postman.json", contentType: "application/json", Label: "Postman collection", Use: "Every request, chained by variables"},
	{Name: "postman-production.json", contentType: "application/json", Label: "Postman environment, production", Use: "Where production is"},
	{Name: "postman-sandbox.json", contentType: "application/json", Label: "Postman environment, sandbox", Use: "Where the sandbox is"},
	{Name: "bruno.zip", contentType: "application/zip", Label: "Bruno folder", Use: "Every request as a file, zipped", binary: true},
	{Name: "reference.pdf", contentType: "application/pdf", Label: "PDF", Use: "The whole reference, to keep and print", binary: true, print: pdf.Print},
}

// readings is the kind of what pages are made from; it is not for download.
var readings = kind{Name: "readings.json"}

func kindNamed(name string) *kind {
	for i := range kinds {
		if kinds[i].Name == name {
			return &kinds[i]
		}
	}
	return nil
}

// edit makes every kind of an API's documents.
func (l *Library) edit(ctx context.Context, offer catalog.Offer) (map[string][]byte, error) {
	document, err := l.publish(ctx, offer)
	if err != nil {
		return nil, err
	}
	e, err := edition.Of(document)
	if err != nil {
		return nil, err
	}
	ref := e.Reference
	made := map[string][]byte{"openapi.json": e.JSON, "openapi.yaml": e.YAML, "openapi-3.1.json": e.Newer, "openapi-3.1.yaml": e.NewerYAML}
	if made["postman.json"], err = postman.Collection(ref); err != nil {
		return nil, err
	}
	servers := l.servers(ref, offer)
	for _, s := range servers {
		name := "postman-" + strings.ToLower(s.Description) + ".json"
		if made[name], err = postman.Environment(ref, ref.Title+", "+strings.ToLower(s.Description), s.URL); err != nil {
			return nil, err
		}
	}
	if made["bruno.zip"], err = postman.Bruno(ref, servers); err != nil {
		return nil, err
	}
	shown := *ref
	shown.Root = nil
	made[readings.Name], err = json.Marshal(shown)
	return made, err
}

// printed makes the one kind that is made by itself.
func (l *Library) printed(ctx context.Context, offer catalog.Offer, k *kind) (map[string][]byte, error) {
	document, err := l.read(ctx, offer, kindNamed("openapi.json"))
	if err != nil {
		return nil, err
	}
	ref, err := reference.Read(document)
	if err != nil {
		return nil, err
	}
	data, err := k.print(ref)
	return map[string][]byte{k.Name: data}, err
}

// servers are the addresses of an API on every instance, each described by the instance's name.
func (l *Library) servers(ref *reference.Reference, offer catalog.Offer) []reference.Server {
	bare := strings.TrimPrefix(offer.API.Host, l.own().HostPrefix)
	base := ""
	if len(ref.Servers) > 0 {
		_, base, _ = strings.Cut(ref.Servers[0].URL, "/apis/"+offer.API.Host)
	}
	var all []reference.Server
	for _, i := range l.Instances {
		address := i.PublicURL
		if !offer.API.Platform {
			address += "/apis/" + i.HostPrefix + bare + base
		}
		all = append(all, reference.Server{URL: address, Description: i.Name})
	}
	return all
}

// publish makes the document that partners read.
func (l *Library) publish(ctx context.Context, offer catalog.Offer) ([]byte, error) {
	kept, err := l.Store.APIDocument(ctx, offer.API.ID, pontage.SourceDocument)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil, errNoSource
	}
	if err != nil {
		return nil, err
	}
	source, err := catalog.Source(kept.Data)
	if err != nil {
		return nil, err
	}
	return Publish(source, offer, l.PublicURL, l.Terms)
}

func compress(data []byte) ([]byte, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err := w.Close()
	return out.Bytes(), err
}

func unpack(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
