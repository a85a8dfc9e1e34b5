package server_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"testing"
)

// setLogo gives a new domain of the demo account a logo and says where it is served.
func (p *platform) setLogo(logo []byte) string {
	p.Helper()
	r := p.production
	var made struct {
		Data struct {
			CreateClient struct{ Client struct{ ID string } }
			CreateDomain struct{ Domain struct{ ID string } }
		}
	}
	ask := func(query string, variables map[string]any) {
		body, _ := json.Marshal(map[string]any{"query": query, "variables": variables})
		if status, raw := p.graphQL(r, string(body)); status != 200 || json.Unmarshal([]byte(raw), &made) != nil {
			p.Fatalf("%d %s", status, raw)
		}
	}
	ask(`mutation{createClient(input:{name:"shop"}){client{id}}}`, nil)
	ask(`mutation($c:ID!){createDomain(input:{clientId:$c,host:"shop.example"}){domain{id}}}`, map[string]any{"c": made.Data.CreateClient.Client.ID})
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	operations, _ := json.Marshal(map[string]any{
		"query":     `mutation($input:SetDomainLogoInput!){setDomainLogo(input:$input){domain{logoUrl}}}`,
		"variables": map[string]any{"input": map[string]any{"id": made.Data.CreateDomain.Domain.ID, "logo": nil}},
	})
	_ = form.WriteField("operations", string(operations))
	_ = form.WriteField("map", `{"0":["variables.input.logo"]}`)
	part, _ := form.CreateFormFile("0", "logo")
	_, _ = part.Write(logo)
	_ = form.Close()
	request, err := http.NewRequestWithContext(p.Context(), "POST", r.URL+"/graphql", &body)
	if err != nil {
		p.Fatal(err)
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.SetBasicAuth(r.Demo.Email, r.Demo.APIKey)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		p.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Data struct {
			SetDomainLogo struct{ Domain struct{ LogoURL string } }
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.Data.SetDomainLogo.Domain.LogoURL == "" {
		p.Fatalf("%d %v", response.StatusCode, err)
	}
	at, err := url.Parse(answer.Data.SetDomainLogo.Domain.LogoURL)
	if err != nil {
		p.Fatal(err)
	}
	return r.URL + at.Path
}

// Where people sign in they see the partner's logo: as a picture and nothing else, kept by every browser, and without credentials.
func TestALogoIsServedAsAPictureAndNothingElse(t *testing.T) {
	p := serve(t, nil)
	var logo bytes.Buffer
	if err := png.Encode(&logo, image.NewGray(image.Rect(0, 0, 40, 20))); err != nil {
		t.Fatal(err)
	}
	where := p.setLogo(logo.Bytes())
	get := func(method, where string) (*http.Response, []byte) {
		request, err := http.NewRequestWithContext(t.Context(), method, where, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response, body
	}
	response, body := get("GET", where)
	if size, kind, err := image.DecodeConfig(bytes.NewReader(body)); err != nil || kind != "png" || size.Width != 40 || size.Height != 20 {
		t.Errorf("%d: %d bytes of %s, %+v, %v", response.StatusCode, len(body), kind, size, err)
	}
	for name, want := range map[string]string{
		"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=31536000, immutable",
		"Content-Security-Policy": "default-src 'none'; sandbox", "Cross-Origin-Resource-Policy": "cross-origin",
	} {
		if got := response.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if response, body := get("HEAD", where); response.StatusCode != 200 || len(body) > 0 || response.Header.Get("Content-Type") != "image/png" {
		t.Errorf("HEAD: %d, %v", response.StatusCode, response.Header)
	}
	for method, where := range map[string]string{"GET": where[:len(where)-5] + "0.png", "POST": where} {
		response, _ := get(method, where)
		if want := map[string]int{"GET": 404, "POST": 405}[method]; response.StatusCode != want || response.Header.Get("Cache-Control") == "public, max-age=31536000, immutable" {
			t.Errorf("%s %s: %d %v", method, where, response.StatusCode, response.Header)
		}
	}
}
