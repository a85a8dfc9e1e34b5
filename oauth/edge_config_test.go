package oauth

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/ory/fosite"
)

// fosite fills in missing configuration while it serves, without a lock: two first requests would race, and what it fills in is a
// slow secret hash and a wildcard scope rule.
func TestConfigurationIsCompleteBeforeServing(t *testing.T) {
	c := edgeConfig(&Service{issuer: "https://oauth.example.com", accessTTL: DefaultAccessTTL})
	before := *c
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { callGetters(t, c) })
	}
	all.Wait()
	for i := range reflect.TypeOf(*c).NumField() {
		name, was := reflect.TypeOf(*c).Field(i).Name, reflect.ValueOf(before).Field(i)
		now := reflect.ValueOf(*c).Field(i)
		if was.Kind() == reflect.Func || was.Kind() == reflect.Interface {
			if was.IsNil() != now.IsNil() {
				t.Errorf("%s was filled in while serving", name)
			}
			continue
		}
		if !reflect.DeepEqual(was.Interface(), now.Interface()) {
			t.Errorf("%s changed while serving", name)
		}
	}
}

func callGetters(t *testing.T, c *fosite.Config) {
	v := reflect.ValueOf(c)
	for i := range v.NumMethod() {
		m := v.Method(i)
		if !strings.HasPrefix(v.Type().Method(i).Name, "Get") || m.Type().NumIn() != 1 {
			continue
		}
		m.Call([]reflect.Value{reflect.ValueOf(t.Context())})
	}
}

func TestEveryDefaultThatMattersIsOurs(t *testing.T) {
	c, ctx := edgeConfig(&Service{issuer: "https://oauth.example.com", accessTTL: DefaultAccessTTL}), context.Background()
	if _, ok := c.GetSecretsHasher(ctx).(closed); !ok {
		t.Error("fosite hashes client secrets itself")
	}
	if !c.GetDisableRefreshTokenValidation(ctx) || !c.GetEnforcePKCE(ctx) || c.GetEnablePKCEPlainChallengeMethod(ctx) {
		t.Error("refresh tokens count as bearers, or PKCE may be left out")
	}
	if c.GetMinParameterEntropy(ctx) < 8 || c.GetSendDebugMessagesToClients(ctx) || len(c.GetRefreshTokenScopes(ctx)) != 0 {
		t.Error("a default of fosite is left")
	}
	if err := c.GetAudienceStrategy(ctx)([]string{"https://a.example"}, []string{"https://a.example/under"}); err == nil {
		t.Error("an audience is matched by prefix")
	}
	if _, err := c.GetHTTPClient(ctx).HTTPClient.Get("http://203.0.113.1/"); err == nil || !strings.Contains(err.Error(), errClosed.Error()) {
		t.Errorf("an address was fetched: %v", err)
	}
	if _, err := c.GetJWKSFetcherStrategy(ctx).Resolve(ctx, "http://203.0.113.1/", true); err == nil {
		t.Error("keys were fetched")
	}
}

// A client that could authenticate in two ways at once would leave open which of them counted.
func TestClientCredentialsComeInOneWay(t *testing.T) {
	for name, c := range map[string]struct {
		headers []string
		form    url.Values
		ok      bool
	}{
		"basic":               {[]string{"Basic YTpi"}, nil, true},
		"basic, lower case":   {[]string{"basic YTpi"}, nil, true},
		"basic, encoded":      {[]string{"Basic YSUzQTpiJTIw"}, nil, true},
		"basic and client_id": {[]string{"Basic YTpi"}, url.Values{"client_id": {"a"}}, true},
		"post":                {nil, url.Values{"client_id": {"a"}, "client_secret": {"b"}}, true},
		"nothing":             {nil, nil, false},
		"no secret":           {nil, url.Values{"client_id": {"a"}}, false},
		"both":                {[]string{"Basic YTpi"}, url.Values{"client_id": {"a"}, "client_secret": {"b"}}, false},
		"another client_id":   {[]string{"Basic YTpi"}, url.Values{"client_id": {"c"}}, false},
		"two headers":         {[]string{"Basic YTpi", "Basic YTpi"}, nil, false},
		"bearer":              {[]string{"Bearer YTpi"}, nil, false},
		"bad escape":          {[]string{"Basic JXg6Yg=="}, nil, false},
		"no colon":            {[]string{"Basic YWI="}, nil, false},
		"too long":            {[]string{"Basic " + strings.Repeat("YTpi", maxAuthorization)}, nil, false},
	} {
		if _, _, err := clientCredentials(c.headers, c.form); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzClientCredentials(f *testing.F) {
	for _, seed := range []string{"Basic YTpi", "Bearer x", "Basic", "basic  YTpi", "Basic JTAwOmI=", ""} {
		f.Add(seed, "client_id=a&client_secret=b")
		f.Add(seed, "")
	}
	f.Fuzz(func(t *testing.T, header, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		var headers []string
		if header != "" {
			headers = http.Header{"Authorization": {header}}.Values("Authorization")
		}
		id, secret, err := clientCredentials(headers, form)
		if err == nil && (id == "" || secret == "") {
			t.Fatalf("%q %q gave half a credential", header, body)
		}
	})
}
