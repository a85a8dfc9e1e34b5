package graph_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// withFile begins the documents whose only variable is a file.
const withFile = "mutation($file:Upload!)"

// upload sends a document with a file, as the multipart request specification has it.
func (w *world) upload(authorization, query string, variables map[string]any, place string, file []byte, headers ...string) *reply {
	w.Helper()
	operations, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	must(w, err)
	return w.multipart(authorization, []part{{"operations", operations}, {"map", []byte(`{"0":["` + place + `"]}`)}, {"0", file}}, headers...)
}

type part struct {
	name string
	data []byte
}

func (w *world) multipart(authorization string, parts []part, headers ...string) *reply {
	w.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, p := range parts {
		to, err := form.CreateFormField(p.name)
		must(w, err)
		_, err = to.Write(p.data)
		must(w, err)
	}
	must(w, form.Close())
	request, err := http.NewRequestWithContext(w.Context(), http.MethodPost, w.url, &body)
	must(w, err)
	return w.send(request, authorization, append([]string{"Content-Type", form.FormDataContentType()}, headers...)...)
}

const askLogo = `mutation($input:SetDomainLogoInput!){setDomainLogo(input:$input){domain{id logoUrl}}}`

// A logo travels beside the document, is bounded before it is read, and nobody sends one for nothing or from another site.
func TestALogoComesAsAFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		client := w.data(w.ann.basic(), `mutation{createClient(input:{name:"shop"}){client{id}}}`, nil).text("createClient.client.id")
		domain := w.newDomain(w.ann.basic(), client, "shop.example")
		var picture bytes.Buffer
		must(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 20))))
		variables := map[string]any{"input": map[string]any{"id": domain, "logo": nil}}
		send := func(by string, file []byte, headers ...string) *reply {
			t.Helper()
			return w.upload(by, askLogo, variables, "variables.input.logo", file, headers...)
		}
		first := send(w.ann.basic(), picture.Bytes(), "Idempotency-Key", "logo")
		url := first.text("setDomainLogo.domain.logoUrl")
		if !strings.HasPrefix(url, "http://"+platformHost+"/logos/"+domain+"/") || !strings.HasSuffix(url, ".png") {
			t.Fatalf("%d %s", first.Status, first.Raw)
		}
		if again := send(w.ann.basic(), picture.Bytes(), "Idempotency-Key", "logo"); again.Header.Get("Idempotency-Replayed") != "true" || again.text("setDomainLogo.domain.logoUrl") != url {
			t.Errorf("%d %s", again.Status, again.Raw)
		}
		if other := send(w.ann.basic(), []byte("another file"), "Idempotency-Key", "logo"); other.Status != http.StatusUnprocessableEntity {
			t.Errorf("the same key with another file: %d %s", other.Status, other.Raw)
		}
		wantRefusal(t, "no picture", send(w.ann.basic(), []byte("<svg/>")), "INVALID_INPUT", "/input/logo")
		wantRefusal(t, "a large file", send(w.ann.basic(), make([]byte, 512<<10+1)), "TOO_LARGE", "/input/logo")
		wantRefusal(t, "a stranger's", send(w.bob.basic(), picture.Bytes()), "NOT_FOUND", "")
		wantRefusal(t, "nobody's", send("", picture.Bytes()), "UNAUTHENTICATED", "")
		wantRefusal(t, "another site's", send(w.enter(w.ann), picture.Bytes(), "Sec-Fetch-Site", "cross-site"), "FORBIDDEN", "")
		wantRefusal(t, "text", w.ask(w.ann.basic(), askLogo, map[string]any{"input": map[string]any{"id": domain, "logo": "aGk="}}), "INVALID_INPUT", "/input/logo")
		gone := w.data(w.ann.basic(), `mutation($i:ID!){removeDomainLogo(input:{id:$i}){domain{logoUrl}}}`, map[string]any{"i": domain})
		if gone.get("removeDomainLogo.domain.logoUrl") != nil {
			t.Error(gone.Raw)
		}
	})
}

// What is no such request is refused, and a file gets to no place but a variable that is null.
func TestAMultipartRequestHasOneForm(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		operations := part{"operations", []byte(`{"query":"mutation($f:Upload!){setDomainLogo(input:{id:\"dom_x\",logo:$f}){domain{id}}}","variables":{"f":null,"s":"x"}}`)}
		places, file := part{"map", []byte(`{"0":["variables.f"]}`)}, part{"0", []byte("x")}
		for name, parts := range map[string][]part{
			"nothing": {}, "no map": {operations, file}, "no file": {operations, places}, "the wrong order": {places, operations, file},
			"two places": {operations, {"map", []byte(`{"0":["variables.f","variables.s"]}`)}, file}, "two files": {operations, {"map", []byte(`{"0":["variables.f"],"1":["variables.s"]}`)}, file},
			"a taken place": {operations, {"map", []byte(`{"0":["variables.s"]}`)}, file}, "no place": {operations, {"map", []byte(`{"0":["variables.x"]}`)}, file},
			"a deep place": {operations, {"map", []byte(`{"0":["variables.f.x"]}`)}, file}, "the query's place": {operations, {"map", []byte(`{"0":["query"]}`)}, file},
			"another file's name": {operations, places, {"1", []byte("x")}}, "no JSON": {{"operations", []byte("x")}, places, file},
			"no variables": {{"operations", []byte(`{"query":"{viewer{id}}"}`)}, places, file},
		} {
			if r := w.multipart(w.ann.basic(), parts); r.Status != http.StatusBadRequest || r.code() != "INVALID_INPUT" {
				t.Errorf("%s: %d %s", name, r.Status, r.Raw)
			}
		}
		large := part{"operations", []byte(`{"query":"` + strings.Repeat(" ", 64<<10) + `"}`)}
		wantRefusal(t, "a large document", w.multipart(w.ann.basic(), []part{large, places, file}), "TOO_LARGE", "")
		if r := w.multipart(w.ann.basic(), []part{operations, places, file}); r.code() != "NOT_FOUND" {
			t.Errorf("the right form: %s", r.Raw)
		}
	})
}
