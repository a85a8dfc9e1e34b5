package sandbox

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/pontage/pontage"
)

// Routes finds operations by path; *catalog.Service is one.
type Routes interface {
	Match(method, host, rawPath string) (*pontage.Match, error)
}

// EchoStore keeps what accounts post; a store is one.
type EchoStore interface {
	Echo(ctx context.Context, id pontage.EchoID) (*pontage.Echo, error)
	Echoes(ctx context.Context, account pontage.AccountID, api pontage.APIID, collection string, limit int) ([]pontage.Echo, error)
	Write(ctx context.Context, do func(tx pontage.Tx) error) error
}

// listed is how many of its things an account sees in a list.
const listed = 100

// longestPlace bounds path and name of what is kept, in bytes.
const longestPlace = 1024

// echoes gives accounts back what they posted. What stands where is told by the paths alone: what is posted to a list, "/contacts", is
// found below it under its name, "/contacts/{handle}", if the API has an operation that reads it there.
type echoes struct {
	store  EchoStore
	routes Routes
	clock  pontage.Clock
}

// place is a list, or with a name a thing in it.
type place struct {
	account    pontage.AccountID
	api        pontage.APIID
	collection string
	// parameter is what the operation that reads a thing calls its name.
	parameter string
	name      string
}

func (p place) id() pontage.EchoID {
	return pontage.NewEchoID(p.account, p.api, p.collection, p.name)
}

// placeOf says where a call stands; false where nothing is kept of it.
func (e *echoes) placeOf(call *pontage.Attempt) (place, bool) {
	m := call.Match
	p := place{account: call.Admission.AccountID, api: m.API.ID, collection: m.Path}
	if len(m.Path) > longestPlace {
		return p, false
	}
	if parameter, ok := lastParameter(m.Operation.Path); ok {
		name, err := url.PathUnescape(path.Base(m.Path))
		p.collection, p.parameter, p.name = path.Dir(m.Path), parameter, name
		read, known := e.reader(m, p.collection)
		return p, err == nil && known && read == parameter
	}
	for _, collection := range []string{m.Path, plainName(m.Path)} {
		if parameter, ok := e.reader(m, collection); ok {
			p.collection, p.parameter = collection, parameter
			return p, true
		}
	}
	return p, false
}

// reader finds the operation that reads a thing of a collection, and gives the name of its parameter.
func (e *echoes) reader(m *pontage.Match, collection string) (string, bool) {
	found, err := e.routes.Match(http.MethodGet, m.API.Host, strings.TrimSuffix(collection, "/")+"/0")
	if err != nil || found.API.ID != m.API.ID {
		return "", false
	}
	return lastParameter(found.Operation.Path)
}

// plainName leaves the country out that some lists are posted to by: what goes to /IT-messages is read from /messages.
func plainName(collection string) string {
	last := path.Base(collection)
	if _, plain, ok := strings.Cut(last, "-"); ok {
		last = plain
	}
	return strings.TrimSuffix(path.Dir(collection), "/") + "/" + last
}

func lastParameter(template string) (string, bool) {
	name, ok := strings.CutPrefix(path.Base(template), "{")
	return strings.TrimSuffix(name, "}"), ok && strings.HasSuffix(name, "}")
}

// answer gives the documented answer with what the account posted in it, and keeps what it posts now; all are the operation's answers.
func (e *echoes) answer(r *http.Request, call *pontage.Attempt, said received, all []pontage.Answer, documented pontage.Answer) (pontage.Answer, error) {
	p, ok := e.placeOf(call)
	if !ok {
		return documented, nil
	}
	ctx := r.Context()
	switch {
	case r.Method == http.MethodPost && p.name == "":
		return e.create(ctx, p, said, documented)
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		if p.name == "" {
			return e.list(ctx, p, documented)
		}
		return e.read(ctx, p, all, documented)
	case p.name == "":
	case r.Method == http.MethodPut, r.Method == http.MethodPatch:
		return e.change(ctx, p, r.Method == http.MethodPatch, said.body, all, documented)
	case r.Method == http.MethodDelete:
		return e.remove(ctx, p, all, documented)
	}
	return documented, nil
}
