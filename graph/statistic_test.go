package graph_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/pontage/pontage/meter"
)

const usedFields = "totalRequests walletRequests subscriptionRequests errorRequests walletAmount"

// Who asks which client, domain, token or address used what gets numbers that sum up to the account's, in every period, and by the page what
// the whole list has.
func TestStatisticsGoByClientDomainAndAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.seed(w.ann)
		made := w.data(w.ann.basic(), `mutation($c:ID!,$s:[String!]!){createToken(input:{clientId:$c,scopes:$s}){bearer token{id domainId}}}`,
			map[string]any{"c": s.client, "s": []string{startScope, searchScope}})
		if made.get("createToken.token.domainId") != nil {
			t.Errorf("%s", made.Raw)
		}
		bearer, token := made.text("createToken.bearer"), made.text("createToken.token.id")
		for _, status := range []int{200, 502, 404} {
			w.call(bearer, "GET", "/IT-start/7", status)
		}
		for _, folded := range []bool{false, true} {
			for _, period := range []string{"", "2026", "2026-11", "2026-11-20"} {
				w.sums(period)
			}
			w.clients(s.client, token)
			if !folded {
				_, err := w.store.Fold(t.Context(), 1000, meter.Fold)
				must(t, err)
			}
		}
	})
}

// sums compares the lines of every dimension, whole and by pages, with the account's.
func (w *world) sums(period string) {
	w.Helper()
	for _, by := range []string{"API", "SCOPE", "TOKEN", "CLIENT", "DOMAIN", "ADDRESS"} {
		variables := map[string]any{"p": period, "b": by}
		r := w.data(w.ann.basic(), `query($p:String!,$b:StatisticDimension!){account:statistics(period:$p){totalRequests errorRequests addresses}
			statistics(period:$p,by:$b){key totalRequests errorRequests addresses}}`, variables)
		lines := r.get("statistics").([]any)
		for _, name := range []string{"totalRequests", "errorRequests"} {
			sum := int64(0)
			for _, l := range lines {
				sum += w.count(at(l, name))
			}
			if want := w.count(r.get("account.0." + name)); sum != want || want == 0 {
				w.Errorf("%s by %s in %q: %v, want %v", name, by, period, sum, want)
			}
		}
		if by == "ADDRESS" && (len(lines) == 0 || !same(at(lines[0], "addresses"), r.get("account.0.addresses"))) {
			w.Errorf("in %q: %s", period, r.Raw)
		}
		for _, order := range []string{"KEY_ASCENDING", "REQUESTS_DESCENDING", "ERRORS_DESCENDING", "AMOUNT_DESCENDING"} {
			w.pages(variables, order, keysOf(lines))
		}
	}
}

// pages reads the lines one by one: none may be missing or come twice.
func (w *world) pages(variables map[string]any, order string, want []string) {
	w.Helper()
	variables["o"], variables["a"] = order, nil
	var keys []string
	for range len(want) + 1 {
		r := w.data(w.ann.basic(), `query($p:String!,$b:StatisticDimension!,$o:StatisticOrder!,$a:String){
			statisticLines(first:1,after:$a,period:$p,by:$b,order:$o){nodes{key `+usedFields+`} pageInfo{hasNextPage endCursor}}}`, variables)
		keys = append(keys, keysOf(r.get("statisticLines.nodes").([]any))...)
		if r.get("statisticLines.pageInfo.hasNextPage") != true {
			break
		}
		variables["a"] = r.text("statisticLines.pageInfo.endCursor")
	}
	slices.Sort(keys)
	slices.Sort(want)
	if !slices.Equal(keys, want) {
		w.Errorf("%v in the order %s: %q, want %q", variables, order, keys, want)
	}
}

// clients asks for one client: as a whole, by its tokens, and by its days.
func (w *world) clients(client, token string) {
	w.Helper()
	r := w.data(w.ann.basic(), `query($c:ID!,$t:ID!){statistics(clientId:$c){key `+usedFields+`} tokens:statistics(by:TOKEN,clientId:$c){key `+usedFields+`}
		line:statisticLines(by:CLIENT,filter:{keys:[$c]}){nodes{key `+usedFields+`}} usage:token(id:$t){usage{`+usedFields+`}}
		days:statisticDays(month:"2026-11",clientId:$c){`+usedFields+`} same:statisticDays(month:"2026-11",by:CLIENT,key:$c){`+usedFields+`}
		ofToken:statisticDays(month:"2026-11",by:TOKEN,key:$t){`+usedFields+`} none:statistics(by:DOMAIN,clientId:$c){key totalRequests}}`,
		map[string]any{"c": client, "t": token})
	if r.text("statistics.0.key") != client || r.text("tokens.0.key") != token || len(r.get("tokens").([]any)) != 1 || r.text("none.0.key") != "" {
		w.Errorf("%s", r.Raw)
	}
	for _, name := range []string{"totalRequests", "walletRequests", "subscriptionRequests", "errorRequests", "walletAmount"} {
		want := r.get("usage.usage." + name)
		for _, where := range []string{"statistics.0", "tokens.0", "line.nodes.0", "days.0", "same.0", "ofToken.0"} {
			if !same(r.get(where+"."+name), want) {
				w.Errorf("%s of %s: %s", name, where, r.Raw)
			}
		}
	}
	for query, field := range map[string]string{
		`query($c:ID!){statistics(by:API,clientId:$c){key}}`:                         "by",
		`query($c:ID!){statisticDays(month:"2026-11",by:TOKEN,clientId:$c){key}}`:    "key",
		`query($c:ID!){statisticLines(first:0,filter:{keys:[$c]}){nodes{key}}}`:      "first",
		`query($c:ID!){statisticLines(period:"now",filter:{keys:[$c]}){nodes{key}}}`: "period",
	} {
		if bad := w.ask(w.ann.basic(), query, map[string]any{"c": client}); bad.code() != "INVALID_INPUT" || bad.Errors[0].Extensions.Field != field {
			w.Errorf("%s: %s", query, bad.Raw)
		}
	}
}

// count is a number of an answer.
func (w *world) count(v any) int64 {
	w.Helper()
	n, err := strconv.ParseInt(fmt.Sprint(v), 10, 64)
	must(w, err)
	return n
}

func keysOf(lines []any) (keys []string) {
	for _, l := range lines {
		keys = append(keys, at(l, "key").(string))
	}
	return keys
}

// A member reads what the client used and nothing of the account beside it, without addresses.
func TestMembersReadTheirClientsStatistics(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.seed(w.ann)
		bearer := w.data(w.ann.basic(), `mutation($c:ID!,$s:[String!]!){createToken(input:{clientId:$c,scopes:$s}){bearer}}`,
			map[string]any{"c": s.client, "s": []string{startScope}}).text("createToken.bearer")
		w.call(bearer, "GET", "/IT-start/7", 200)
		role := w.newRole(w.ann.basic(), s.client, "counter", 10, "STATISTICS_READ").text("createRole.role.id")
		cookie, _ := w.join(w.newPerson("carl@example.com"), s.client, role)
		r := w.data(cookie, `query($c:ID!){statistics(clientId:$c){key totalRequests addressCount addresses} own:statistics{key}
			days:statisticDays(month:"2026-11",clientId:$c){totalRequests}}`, map[string]any{"c": s.client})
		if w.count(r.get("statistics.0.totalRequests")) != 1 || len(r.get("statistics.0.addresses").([]any)) != 0 ||
			len(r.get("own").([]any)) != 0 || w.count(r.get("days.0.totalRequests")) != 1 {
			t.Errorf("%s", r.Raw)
		}
	})
}
