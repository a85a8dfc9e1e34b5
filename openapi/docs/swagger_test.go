package docs_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pontage/pontage/openapi/docs"
)

// Every answer carries the policy, the page shows the title as text, and what is not there is 404.
func TestThePageIsClosedInItself(t *testing.T) {
	handler := docs.New("A <b>title</b>", "../openapi.json")
	for path, want := range map[string]int{"/": 200, "/start.js": 200, "/swagger-ui.css": 200, "/swagger-ui-bundle.js": 200, "/none.js": 404} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, path, nil)
		handler.ServeHTTP(w, r)
		if w.Code != want || !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
		if path == "/" && !strings.Contains(w.Body.String(), "A &lt;b&gt;title&lt;/b&gt;") {
			t.Errorf("title: %s", w.Body)
		}
	}
}
