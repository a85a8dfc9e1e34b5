package docs

import (
	"github.com/pontage/pontage/openapi/docs/reference"
	"github.com/pontage/pontage/openapi/docs/samples"
)

type operation = reference.Operation

// steps are the way through the token API.
func (l *Library) steps() []step {
	all := []step{
		{Title: "Create your first token", Anchor: "create",
			Text: "A token opens the scopes you give it and nothing else. Set a name, a time to live in seconds, and limits of total requests, " +
				"paid requests, wallet amount and addresses. `*:*/*` stands for every scope of the APIs you may call. The token and its refresh " +
				"token are shown once: this page keeps them in the tab for the next steps.",
			Samples: []sample{{Method: "POST", Target: "/tokens", Shown: "/tokens", Auth: samples.Account, Verb: "Create the token", Keep: "token", Main: true,
				Body: "{\n  \"name\": \"first token\",\n  \"ttl\": 86400,\n  \"scopes\": [\"*:*/*\"],\n  \"limits\": {\"totalRequests\": 1000, \"walletAmount\": 5}\n}"}}},
		{Title: "Manage its life", Anchor: "manage",
			Text: "Look a token up, change its scopes and limits, trade it for a new one with its refresh token, and delete what you do not " +
				"need any more. A rotation ends the old pair and gives a new one, which this page keeps.",
			Samples: []sample{
				{Method: "GET", Target: "/tokens?id={tokenId}", Shown: "/tokens?id=…", Auth: samples.Account, Verb: "Look it up"},
				{Method: "PATCH", Target: "/tokens/{tokenId}", Shown: "/tokens/{token}", Auth: samples.Refresh, Verb: "Rotate it", Keep: "token"},
				{Method: "DELETE", Target: "/tokens/{tokenId}", Shown: "/tokens/{token}", Auth: samples.Account, Verb: "Delete it", Keep: "forget"},
			}},
		{Title: "See which scopes there are", Anchor: "scopes",
			Text:    "What your account may put into a token, by method, domain and endpoint. One scope by its id shows prices, free calls, rate and requirements.",
			Samples: []sample{{Method: "GET", Target: "/scopes", Shown: "/scopes", Auth: samples.Account, Verb: "List scopes"}}},
		{Title: "Watch wallet and transactions", Anchor: "wallet",
			Text: "Your credit now, and what moved it, newest first and by pages. Usage is one line for every API and day; opened, it shows the single calls.",
			Samples: []sample{
				{Method: "GET", Target: "/wallet", Shown: "/wallet", Auth: samples.Account, Verb: "Show the credit"},
				{Method: "GET", Target: "/wallet/transactions?limit=10", Shown: "/wallet/transactions", Auth: samples.Account, Verb: "List transactions"},
			}},
		{Title: "Read usage statistics", Anchor: "statistics",
			Text: "Requests, paid calls, spending and errors of a period, the addresses they came from, and the same for every API.",
			Samples: []sample{
				{Method: "GET", Target: "/stats", Shown: "/stats", Auth: samples.Account, Verb: "Show the totals"},
				{Method: "GET", Target: "/stats/apis", Shown: "/stats/apis", Auth: samples.Account, Verb: "Show totals by API"},
			}},
		{Title: "Look into callbacks, subscriptions and errors", Anchor: "monitor",
			Text: "Failed calls with their reason, deliveries to your callbacks, and the subscriptions that pay for calls.",
			Samples: []sample{
				{Method: "GET", Target: "/errors", Shown: "/errors", Auth: samples.Account, Verb: "List errors"},
				{Method: "GET", Target: "/callbacks", Shown: "/callbacks", Auth: samples.Account, Verb: "List callbacks"},
				{Method: "GET", Target: "/subscriptions", Shown: "/subscriptions", Auth: samples.Account, Verb: "List subscriptions"},
			}},
	}
	for i := range all {
		all[i].Number = i + 1
		for j := range all[i].Samples {
			s := &all[i].Samples[j]
			s.ID = all[i].Anchor + "-" + string(rune('a'+j))
			if s.Body != "" {
				s.Type = "application/json"
			}
			s.Samples = programs(samples.Call{Method: s.Method, URL: l.PublicURL + s.Target, Type: s.Type, Body: s.Body, Way: s.Auth})
		}
	}
	return all
}
