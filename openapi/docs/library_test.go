package docs_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/demo"
	"github.com/pontage/pontage/openapi/docs"
	"github.com/pontage/pontage/openapi/token"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

const publicURL = "https://oauth.example.test"

// world is a library over a real catalogue and a real database.
type world struct {
	*testing.T
	store   *storage.Store
	catalog *catalog.Service
	library *docs.Library
}

func newWorld(t *testing.T, store *storage.Store) *world {
	t.Helper()
	keys, err := pontage.NewKeyRing(pontage.NewKey("k1"))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, store: store, catalog: catalog.New(catalog.Config{Store: store, Clock: time.Now, HostPrefix: "test.", Keys: keys})}
	w.library = w.open(publicURL)
	w.bring(pontage.System(), catalog.ImportInput{Documents: []catalog.Document{{Name: "platform", Data: token.Document(publicURL, "oauth.example.test"), Platform: true}}})
	w.bring(pontage.Operator(), catalog.ImportInput{Documents: []catalog.Document{{Name: "demo", Data: demo.Document()}}, Prices: demo.Prices()})
	return w
}

func (w *world) open(publicURL string) *docs.Library {
	w.Helper()
	l, err := docs.NewLibrary(docs.Config{Store: w.store, Catalog: w.catalog, Instance: "Sandbox", PublicURL: publicURL,
		PlatformHost: "test.oauth.example.test", Instances: []docs.Instance{{Name: "Production", PublicURL: "https://live.example.test"},
			{Name: "Sandbox", PublicURL: publicURL, HostPrefix: "test."}}, Terms: docs.Terms{Currency: "EUR", RatePerMinute: 1000, PlanRequests: 1234}})
	if err != nil {
		w.Fatal(err)
	}
	return l
}

func (w *world) bring(by pontage.Actor, in catalog.ImportInput) {
	w.Helper()
	report, err := w.catalog.Import(w.Context(), by, in)
	if err != nil || report.Rejected() > 0 {
		w.Fatalf("%v\n%s", err, report)
	}
}

func (w *world) get(path string, headers ...string) *httptest.ResponseRecorder {
	w.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	w.library.ServeHTTP(recorder, r)
	return recorder
}

// must gives the body of an answer that has to be 200.
func (w *world) must(path string) string {
	w.Helper()
	a := w.get(path)
	if a.Code != http.StatusOK {
		w.Fatalf("%s: %d %s", path, a.Code, a.Body)
	}
	return a.Body.String()
}

const demoHost = "test." + demo.Host

// A partner's program that reads the document must end up at this instance, with a token, knowing what each operation costs: a document
// that leads past the gateway, or shows another price than is charged, costs somebody money.
func TestADocumentLeadsThroughThisInstanceAtItsPrices(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newWorld(t, open())
		text := w.must("/docs/apis/" + demoHost + "/openapi.json")
		doc, err := openapi3.NewLoader().LoadFromData([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := doc.Validate(t.Context()); err != nil {
			t.Error(err)
		}
		for _, page := range []string{"/docs/apis/", "/docs/llms.txt"} {
			if !strings.Contains(w.must(page), "includes 1234 requests a month") {
				t.Errorf("%s does not say what the plan includes", page)
			}
		}
		if len(doc.Servers) != 1 || doc.Servers[0].URL != publicURL+"/apis/"+demoHost {
			t.Errorf("servers %+v", doc.Servers)
		}
		if s := doc.Components.SecuritySchemes; len(s) != 1 || s["Token"].Value.Scheme != "bearer" || len(doc.Security) != 1 {
			t.Errorf("security %+v %+v", s, doc.Security)
		}
		read := doc.Paths.Value("/postcodes/{country}/{postcode}").Get
		price, _ := json.Marshal(read.Extensions["x-pontage-price"])
		if string(price) != `{"amount":"0.05","currency":"EUR","per":"call"}` || read.Extensions["x-pontage-rate-limit"] != "600/min" ||
			read.Extensions["x-pontage-scope"] != "GET:"+demoHost+"/postcodes" || !strings.Contains(read.Description, "**Price** 0.05 EUR a call") {
			t.Errorf("terms %s %v: %s", price, read.Extensions, read.Description)
		}
		for _, status := range []string{"401", "402", "403", "404", "429", "503"} {
			if read.Responses.Value(status) == nil {
				t.Errorf("%s is not documented", status)
			}
		}
		search, _ := json.Marshal(doc.Paths.Value("/searches").Get.Extensions["x-pontage-allowance"])
		if string(search) != `{"day":10}` {
			t.Errorf("allowance %s", search)
		}
		if strings.Index(text, `"/countries"`) > strings.Index(text, `"/weather/`) || strings.Index(text, `"/searches"`) > strings.Index(text, `"/lookups"`) {
			t.Error("the author's order is lost")
		}
	})
}

// A price that changed must not be shown as it was: neither in documents nor on pages.
func TestNewPricesAreShownAtOnce(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	page, document := "/docs/apis/"+demoHost+"/", "/docs/apis/"+demoHost+"/openapi.yaml"
	if !strings.Contains(w.must(page), "0.05 EUR") || !strings.Contains(w.must(document), "0.05 EUR") {
		t.Fatal("the price is not shown")
	}
	w.bring(pontage.Operator(), catalog.ImportInput{Documents: []catalog.Document{{Name: "demo", Data: demo.Document()}},
		Prices: []byte("scopes: {\"*:*/*\": {prices: {request: 0.77}}}")})
	for _, path := range []string{page, document} {
		if text := w.must(path); strings.Contains(text, "0.05 EUR") || !strings.Contains(text, "0.77 EUR") {
			t.Errorf("%s shows the old price", path)
		}
	}
	if changes := w.must(page + "changes/"); !strings.Contains(changes, "0.05 → 0.77") {
		t.Error("the change is not listed")
	}
}

// An instance that moved must not send partners to where it was.
func TestAnotherAddressMakesOtherDocuments(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	w.must("/docs/apis/" + demoHost + "/openapi.json")
	w.library = w.open("https://elsewhere.example.test")
	text := w.must("/docs/apis/" + demoHost + "/openapi.json")
	if strings.Contains(text, publicURL) || !strings.Contains(text, "https://elsewhere.example.test/apis/") {
		t.Error("the document names the old address")
	}
}

// Documents are large and fetched often: a reader who has one is told so, and who takes gzip gets it packed.
func TestDocumentsAreSentOnceAndPacked(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	path := "/docs/apis/" + demoHost + "/openapi.json"
	plain, packed := w.get(path), w.get(path, "Accept-Encoding", "br, gzip;q=0.8")
	if packed.Header().Get("Content-Encoding") != "gzip" || packed.Body.Len() >= plain.Body.Len() || plain.Header().Get("Content-Encoding") != "" {
		t.Errorf("packed %d %v, plain %d", packed.Body.Len(), packed.Header(), plain.Body.Len())
	}
	if refused := w.get(path, "Accept-Encoding", "gzip;q=0"); refused.Header().Get("Content-Encoding") != "" {
		t.Error("gzip was refused and sent")
	}
	again := w.get(path, "If-None-Match", `"x", W/`+plain.Header().Get("ETag"))
	if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
		t.Errorf("again: %d %d", again.Code, again.Body.Len())
	}
	if w.get(path, "If-None-Match", packed.Header().Get("ETag")).Code != http.StatusOK {
		t.Error("the tag of the packed one stands for the plain one")
	}
}

// Whoever reads must meet no dead end: every page and every file that a page names is there, comes from us, and is closed in itself.
func TestEveryPageIsThereAndClosedInItself(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	seen, queue := map[string]bool{}, []string{"/docs/", "/llms.txt"}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		a := w.get(path)
		if a.Code != http.StatusOK {
			t.Errorf("%s: %d", path, a.Code)
			continue
		}
		if !strings.HasPrefix(a.Header().Get("Content-Type"), "text/html") {
			continue
		}
		if p := a.Header().Get("Content-Security-Policy"); !strings.HasPrefix(p, "default-src 'none'; script-src 'self';") {
			t.Errorf("%s has the policy %q", path, p)
		}
		queue = append(queue, links(t, path, a.Body.String())...)
	}
	if len(seen) < 90 {
		t.Errorf("only %d pages and files were met", len(seen))
	}
	t.Logf("%d pages and files", len(seen))
}

// What strangers type as an address is answered, not guessed.
func TestUnknownAddressesAreNotFound(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	for _, path := range []string{"/docs/x", "/docs/apis/nobody.example/", "/docs/apis/" + demo.Host + "/", "/docs/apis/" + demoHost + "/x",
		"/docs/apis/" + demoHost + "/operations/none/", "/docs/apis/" + demoHost + "/operations/list-countries.md/", "/docs/assets/../doc.go",
		"/docs/assets/", "/docs/apis/" + demoHost + "/source", "/docs/apis/" + demoHost + "/readings.json", "/docs/apis/" + demoHost + "/changes/?id=x&at=y"} {
		if a := w.get(path); a.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
}

// One Markdown file for every operation is what agents read: it says where, how, what it costs, and what comes back.
func TestEveryOperationHasMarkdown(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	text := w.must("/docs/apis/" + demoHost + "/operations/read-postcode.md")
	for _, want := range []string{"# Find the place of a postcode", "`GET " + publicURL + "/apis/" + demoHost + "/postcodes/{country}/{postcode}`",
		"**Price** 0.05 EUR a call", "| `country` | path |", "curl '" + publicURL + "/apis/" + demoHost + "/postcodes/IT/00184'", "### 200", `"name": "Rome"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if index := w.must("/docs/apis/" + demoHost + "/llms.txt"); strings.Count(index, ".md)") != 5 {
		t.Errorf("index\n%s", index)
	}
}

// Real documents are large and sometimes broken: every one must be made in every form, and the largest page must come at once.
func TestEveryImportedDocumentCanBeRead(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	w.bringAll()
	seen, err := w.library.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, api := range w.catalog.APIs() {
		began := time.Now()
		w.must("/docs/apis/" + api.Host + "/")
		document := w.must("/docs/apis/" + api.Host + "/openapi.json")
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s took %s", api.Host, took)
		}
		doc, err := openapi3.NewLoader().LoadFromData([]byte(document))
		if err != nil {
			t.Errorf("%s: %v", api.Host, err)
			continue
		}
		if err := doc.Validate(t.Context(), openapi3.DisableExamplesValidation()); err != nil {
			t.Errorf("%s: %v", api.Host, err)
		}
		offer, _ := w.catalog.Offer(api.Host)
		operations := 0
		for _, item := range doc.Paths.Map() {
			operations += len(item.Operations())
		}
		if operations != len(offer.Operations) {
			t.Errorf("%s: %d operations are offered, %d documented", api.Host, len(offer.Operations), operations)
		}
	}
	t.Logf("%d APIs, %d documents", len(w.catalog.APIs()), seen)
}
