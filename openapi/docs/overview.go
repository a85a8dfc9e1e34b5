package docs

import (
	"net/http"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
)

// apisPage lists what can be called.
type apisPage struct {
	APIs []apiLine
	// PlanRequests are the requests a month that the plan of new accounts includes.
	PlanRequests int64
}

type apiLine struct {
	Host, Title, Version, Summary, From string
	Operations                          int
	Platform                            bool
}

func (l *Library) apis(w http.ResponseWriter, r *http.Request) {
	content := apisPage{PlanRequests: l.Terms.PlanRequests}
	for _, api := range l.Catalog.APIs() {
		offer, ok := l.Catalog.Offer(api.Host)
		if !ok {
			continue
		}
		content.APIs = append(content.APIs, apiLine{Host: api.Host, Title: api.Title, Version: api.Version, Summary: firstSentence(api.Description),
			From: l.cheapest(offer), Operations: len(offer.Operations), Platform: api.Platform})
	}
	l.show(w, r, "apis", http.StatusOK, page{Title: "APIs", Nav: "apis", Content: content, Summary: "Every API that can be called here, with its prices."})
}

// cheapest says what a call costs at least.
func (l *Library) cheapest(offer catalog.Offer) string {
	if offer.API.Platform {
		return "Free"
	}
	var least *pontage.Scope
	for _, o := range offer.Operations {
		if sc := o.Scope; sc.Price != nil && (least == nil || *sc.Price < *least.Price) {
			least = sc
		}
	}
	switch {
	case least == nil:
		return "Not for sale"
	case *least.Price == 0:
		return "From free"
	}
	return "From " + l.Terms.Price(least)
}

// firstSentence is the beginning of a description, without its Markdown.
func firstSentence(text string) string {
	text = strings.NewReplacer("*", "", "`", "", "#", "", "_", " ").Replace(strings.TrimSpace(text))
	text, _, _ = strings.Cut(text, "\n\n")
	text = strings.Join(strings.Fields(text), " ")
	if at := strings.Index(text, ". "); at >= 0 {
		text = text[:at+1]
	}
	const most = 160
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return text
}

// overviewPage is an API at a glance.
type overviewPage struct {
	Host, Version, Description string
	Platform                   bool
	Server                     string
	Groups                     []group
	Downloads                  []kind
	Revision                   *pontage.APIRevision
}

// group is the operations of a tag.
type group struct {
	Name, Description string
	Lines             []line
}

// line is an operation and its terms.
type line struct {
	Slug, Method, Path, Summary string
	Deprecated                  bool
	Terms                       shownTerms
}

// shownTerms are the terms of a scope as pages write them.
type shownTerms struct {
	Scope, Price, Free string
	Rate               int64
	Offers             []string
	Requirements       []string
	Restricted         bool
}

func (l *Library) overview(w http.ResponseWriter, r *http.Request, offer catalog.Offer) {
	doc, err := l.reading(r.Context(), offer)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	content := overviewPage{Host: offer.API.Host, Version: doc.Version, Description: doc.Description, Platform: offer.API.Platform,
		Server: l.PublicURL + doc.base, Groups: l.groups(doc), Downloads: kinds}
	revisions, err := l.Store.APIRevisions(r.Context(), offer.API.ID, pontage.Keyset{Limit: 1})
	if err != nil {
		l.fail(w, r, err)
		return
	}
	if len(revisions) > 0 {
		content.Revision = &revisions[0]
	}
	l.show(w, r, "overview", http.StatusOK, page{Title: doc.Title, Nav: "apis", Summary: firstSentence(doc.Description), Content: content})
}

// groups puts every operation under its first tag.
func (l *Library) groups(doc *reading) []group {
	places, all := map[string]int{}, []group{}
	at := func(name string) int {
		if _, there := places[name]; !there {
			places[name] = len(all)
			all = append(all, group{Name: name})
		}
		return places[name]
	}
	for _, t := range doc.Tags {
		all[at(t.Name)].Description = t.Description
	}
	for i := range doc.Operations {
		o, tag := &doc.Operations[i], ""
		if len(o.Tags) > 0 {
			tag = o.Tags[0]
		}
		g := &all[at(tag)]
		g.Lines = append(g.Lines, line{Slug: o.Slug, Method: o.Method, Path: o.Path, Summary: o.Summary, Deprecated: o.Deprecated, Terms: l.termsOf(doc, o)})
	}
	kept := all[:0]
	for _, g := range all {
		if len(g.Lines) > 0 {
			kept = append(kept, g)
		}
	}
	return kept
}

func (l *Library) termsOf(doc *reading, o *operation) shownTerms {
	sc := doc.scope(o)
	if sc == nil {
		return shownTerms{}
	}
	t := shownTerms{Scope: sc.Name, Free: l.Terms.Allowance(sc), Rate: l.Terms.Rate(sc), Requirements: sc.Requirements, Restricted: sc.Restricted}
	if !doc.offer.API.Platform {
		t.Price, t.Offers = l.Terms.Price(sc), l.Terms.Offers(sc)
	}
	return t
}
