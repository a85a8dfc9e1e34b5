package gateway_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/gateway"
	"github.com/pontage/pontage/storage/storagetest"
)

// A gateway that lacks a part must not start.
func TestNewNamesWhatIsMissing(t *testing.T) {
	if _, err := gateway.New(gateway.Config{}); err == nil || !strings.Contains(err.Error(), "Upstream") {
		t.Error(err)
	}
	if _, err := gateway.NewProxyUpstream(gateway.ProxyConfig{IdlePerUpstream: -1}); err == nil {
		t.Error("a negative pool was taken")
	}
}

// The platform's own API is in the catalogue too; it must not be proxied, nor metered as a call.
func TestPlatformAPIIsNotProxied(t *testing.T) {
	d := open(t, func(http.ResponseWriter, *http.Request) { t.Error("it was proxied") }, func(_ *gateway.Config, api *pontage.API) { api.Platform = true })
	if got := d.do(d.request("GET", "/items", nil)); got.StatusCode != 404 || len(d.meter.attempts) != 0 {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
}

// A server that asks whether a request is a call must get the answer the gateway acts on.
func TestServesCallsByHostAndByPath(t *testing.T) {
	g, err := gateway.New(gateway.Config{Admit: &fakeAdmit{}, Meter: &fakeMeter{}, Upstream: &recorder{}, Clock: storagetest.Clock,
		Catalog: testCatalog(t, pontage.API{ID: "api_1", Host: apiHost, Enabled: true})})
	if err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]bool{
		"http://places.example/items": true, "http://PLACES.example:80/": true, "http://platform.example/apis/places.example/items": true,
		"http://platform.example/apis/unknown.example/": true, "http://platform.example/apis": false, "http://platform.example/tokens": false,
		"http://platform.example/x/apis/places.example/": false,
	} {
		if got := g.Serves(httptest.NewRequest("GET", url, nil)); got != want {
			t.Errorf("%s: %v, want %v", url, got, want)
		}
	}
}
