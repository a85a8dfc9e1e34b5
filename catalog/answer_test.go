package catalog_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
)

// A partner's client, written against the document, must be able to read every sandbox answer.
func TestEverySuccessAnswerIsValidByTheDocument(t *testing.T) {
	store := sqlite(t)
	s := newService(t, store, "")
	list, _ := documents(t)
	report := imported(t, s, catalog.ImportInput{Documents: list})
	all := rows(t, store)
	checked := 0
	for i, d := range list {
		doc, err := openapi3.NewLoader().LoadFromData(d.Data)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range all.Operations {
			if o.APIID != report.Documents[i].API {
				continue
			}
			answers, err := store.Answers(t.Context(), o.ID)
			if err != nil {
				t.Fatal(err)
			}
			at := slices.IndexFunc(answers, func(a pontage.Answer) bool { return a.Status >= 200 && a.Status < 300 })
			if at < 0 {
				t.Errorf("%s %s has no success", o.Method, o.Path)
				continue
			}
			checkAnswer(t, doc, o, answers[at])
			checked++
		}
	}
	t.Logf("%d success answers checked", checked)
	if checked != len(all.Operations) {
		t.Errorf("%d operations, %d checked", len(all.Operations), checked)
	}
}

// checkAnswer finds the response in the document as it came, and asks the library.
func checkAnswer(t *testing.T, doc *openapi3.T, o pontage.Operation, a pontage.Answer) {
	t.Helper()
	item := doc.Paths.Value(o.Path)
	if item == nil && o.Path == "/" {
		item = doc.Paths.Value("")
	}
	if item == nil {
		item = doc.Paths.Value(strings.TrimPrefix(o.Path, "/v2"))
	}
	responses := item.GetOperation(o.Method).Responses
	response := responses.Value(strconv.Itoa(a.Status))
	if response == nil {
		response = responses.Value("2XX")
	}
	if response == nil || a.ContentType == "" {
		if len(a.Body) != 0 || response != nil && len(response.Value.Content) != 0 {
			t.Errorf("%s %s %d: body without type", o.Method, o.Path, a.Status)
		}
		return
	}
	media := response.Value.Content[a.ContentType]
	if media == nil {
		t.Errorf("%s %s %d: type %q is not documented", o.Method, o.Path, a.Status, a.ContentType)
		return
	}
	if !strings.Contains(a.ContentType, "json") {
		if len(a.Body) == 0 {
			t.Errorf("%s %s %d: empty %s", o.Method, o.Path, a.Status, a.ContentType)
		}
		return
	}
	var value any
	if err := json.Unmarshal(a.Body, &value); err != nil {
		t.Errorf("%s %s %d: %v", o.Method, o.Path, a.Status, err)
		return
	}
	if media.Schema == nil {
		return
	}
	options := []openapi3.SchemaValidationOption{openapi3.VisitAsResponse()}
	if doc.IsOpenAPI31OrLater() {
		options = append(options, openapi3.EnableJSONSchema2020())
	}
	if err := media.Schema.Value.VisitJSON(value, options...); err != nil {
		t.Errorf("%s %s %d: %v\n%s", o.Method, o.Path, a.Status, err, a.Body)
	}
}

// Every documented status has one answer; examples come first, numbers are not rounded, and nothing differs from run to run.
func TestAnswersComeFromExamplesFirst(t *testing.T) {
	first := answersByOperation(t)
	for _, c := range []struct {
		operation   string
		status      int
		contentType string
		generated   bool
		body        string
	}{
		{"GET /", 200, "application/json", false, `{"name":"Library"}`},
		{"POST /books", 201, "application/json", false, `{"isbn":"978-0000000002","pages":12345678901234567890,"price":12.50,"title":"Bridges"}`},
		{"POST /books", 422, "", false, ``},
		{"GET /books", 404, "application/json", true, `{"code":4,"text":"No such book."}`},
		{"GET /books", 500, "application/problem+json", true, `{"code":4,"text":"No such book."}`},
		{"GET /v2/alerts/{id}", 200, "text/plain", false, `Wind.`},
		{"GET /v2/alerts/{id}", 400, "", false, ``},
		{"POST /v2/alerts/{id}", 204, "", true, ``},
		{"POST /v2/alerts/{id}", 302, "", false, ``},
		{"GET /v2/now", 200, "application/json", true, `{"kind":"weather","pair":[1,true],"place":"string","since":"2026-11-20","wind":0.5}`},
	} {
		at := slices.IndexFunc(first[c.operation], func(a pontage.Answer) bool { return a.Status == c.status })
		if at < 0 {
			t.Errorf("%s has no %d", c.operation, c.status)
			continue
		}
		a := first[c.operation][at]
		if a.ContentType != c.contentType || a.Generated != c.generated || string(a.Body) != c.body {
			t.Errorf("%s %d: %q generated %v %s", c.operation, c.status, a.ContentType, a.Generated, a.Body)
		}
	}
	second := answersByOperation(t)
	for operation, answers := range first {
		for i, a := range answers {
			if !bytes.Equal(a.Body, second[operation][i].Body) {
				t.Errorf("%s %d differs between two imports:\n%s\n%s", operation, a.Status, a.Body, second[operation][i].Body)
			}
		}
	}
	for operation, magic := range map[string]string{"GET /books/{isbn}/report.{format}": "%PDF-", "GET /books/{isbn}/cover": "\x89PNG"} {
		if !bytes.HasPrefix(first[operation][0].Body, []byte(magic)) {
			t.Errorf("%s: not a file of its type", operation)
		}
	}
}

func answersByOperation(t *testing.T) map[string][]pontage.Answer {
	t.Helper()
	store := sqlite(t)
	library(t, store, "")
	byOperation := map[string][]pontage.Answer{}
	for _, o := range rows(t, store).Operations {
		answers, err := store.Answers(t.Context(), o.ID)
		if err != nil {
			t.Fatal(err)
		}
		byOperation[o.Method+" "+o.Path] = answers
	}
	return byOperation
}
