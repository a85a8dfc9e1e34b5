package main

import (
	"encoding/base64"
	"net/url"

	"github.com/pontage/pontage/gateway"
)

// benchCase is one path under load. Targets are ratios to the yardstick, by engine.
type benchCase struct {
	name      string
	yardstick string
	targets   map[string]float64
	requests  []request
}

func cases(w *world) []benchCase {
	target := func(sqlite, postgres float64) map[string]float64 {
		return map[string]float64{"sqlite": sqlite, "postgres": postgres}
	}
	proxied := target(0.6, 0.5)
	return []benchCase{
		{"`/gate/check`, paid, 1,000 wallets", "handler", target(0.25, 0.12), each(w, check)},
		{"gateway call, paid, 1,000 wallets", "proxy", proxied, each(w, func(p partnerLogin) request { return call(p.bearer) })},
		{"gateway call, paid, one hot wallet", "proxy", proxied, hot(w, call)},
		{"`POST /oauth2/token`, client credentials", "handler", target(0.12, 0.06), each(w, clientCredentials)},
		{"`POST /tokens`", "handler", target(0.08, 0.04), each(w, createToken)},
		{"`POST /oauth2/introspect`", "handler", target(0.3, 0.2), each(w, introspect)},
		{"`GET /stats`", "handler", target(0.12, 0.1), each(w, func(p partnerLogin) request { return get(p, "/stats") })},
		{"`GET /wallet`", "handler", target(0.12, 0.1), each(w, func(p partnerLogin) request { return get(p, "/wallet") })},
		{"`GET /tokens`, 50 of 10 scopes", "handler", target(0.04, 0.03), []request{get(w.listed, "/tokens?limit=50")}},
		{"`POST /graphql`, 50 tokens with limits and statistics", "handler", target(0.02, 0.02), []request{graphQL(w.listed, listTokens)}},
	}
}

// activeCases are those whose cost may follow the number of tokens in use.
func activeCases(w *world) []benchCase {
	bearer := func(p partnerLogin) request { return call(p.bearer) }
	return []benchCase{
		{"`/gate/check`, paid", "handler", nil, every(w.active, check)},
		{"gateway call, paid", "proxy", nil, every(w.active, bearer)},
		{"`POST /oauth2/introspect`", "handler", nil, every(w.active, introspect)},
	}
}

func each(w *world, make func(partnerLogin) request) []request { return every(w.partners, make) }

func every(logins []partnerLogin, make func(partnerLogin) request) []request {
	var all []request
	for _, p := range logins {
		all = append(all, make(p))
	}
	return all
}

func hot(w *world, make func(bearer string) request) []request {
	var all []request
	for _, bearer := range w.hot {
		all = append(all, make(bearer))
	}
	return all
}

func call(bearer string) request {
	return request{"GET", "/apis/" + apiHost + "/s3/42", map[string]string{"Authorization": "Bearer " + bearer}, ""}
}

// gateSecret opens /gate/ on the public listener.
const gateSecret = "the-secret-of-the-benchmark"

// check asks what a proxy would. It gives no id of its own: every request is a call.
func check(p partnerLogin) request {
	return request{"GET", gateway.PathCheck, map[string]string{
		"Authorization": "Bearer " + p.bearer, gateway.HeaderGateSecret: gateSecret, "X-Forwarded-Method": "GET",
		"X-Forwarded-Host": apiHost, "X-Forwarded-Uri": "/s3/42", "X-Forwarded-For": "127.0.0.1",
	}, ""}
}

func get(p partnerLogin, path string) request {
	return request{"GET", path, map[string]string{"Authorization": basic(p.email, p.key)}, ""}
}

// listTokens asks for what a dashboard shows of fifty tokens.
const listTokens = `{tokens(first:50){nodes{id name scopes expiresAt limits{totalRequests walletAmount ip} remaining{totalRequests walletAmount}` +
	` usage{totalRequests walletRequests errorRequests walletAmount}} pageInfo{hasNextPage endCursor}}}`

func graphQL(p partnerLogin, query string) request {
	return request{"POST", "/graphql", map[string]string{
		"Authorization": basic(p.email, p.key), "Content-Type": "application/json",
	}, `{"query":"` + query + `"}`}
}

func createToken(p partnerLogin) request {
	return request{"POST", "/tokens", map[string]string{
		"Authorization": basic(p.email, p.key), "Content-Type": "application/json",
	}, `{"scopes":["GET:` + apiHost + `/s1","GET:` + apiHost + `/s2"],"name":"bench","limits":{"totalRequests":1000}}`}
}

func clientCredentials(p partnerLogin) request {
	return form(p, "/oauth2/token", url.Values{
		"grant_type": {"client_credentials"}, "scope": {"GET:" + apiHost + "/s1 GET:" + apiHost + "/s2"},
	})
}

func introspect(p partnerLogin) request {
	return form(p, "/oauth2/introspect", url.Values{"token": {p.bearer}})
}

func form(p partnerLogin, path string, values url.Values) request {
	return request{"POST", path, map[string]string{
		"Authorization": basic(p.client, p.secret), "Content-Type": "application/x-www-form-urlencoded",
	}, values.Encode()}
}

func basic(name, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+password))
}
