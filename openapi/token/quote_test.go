package token_test

import (
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

type quoteData struct {
	Admitted         bool
	Status           *int
	Code, Payer      *string
	Limit, Left      *string
	Domain, IP       string
	Token            string
	Operation, Scope *string
	Price            *pontage.Money
	Charged          pontage.Money
	Checks           []struct {
		Name   string
		Passed bool
	}
}

// A quote must read the call as the gateway would, and answer every refusal as an answer.
func TestAQuoteReadsTheCallAsTheGatewayWould(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newWorld(t, open())
		w.credit(w.ann, "1")
		made := w.create(w.ann, `{"scopes":["`+startScope+`"],"limits":{"ip":["192.0.2.0/24"]}}`)
		for _, c := range []struct{ call, code, domain string }{
			{`"url":"https://company.example.com/IT-start/7"`, "", "company.example.com"},
			{`"url":"HTTPS://Company.Example.com:443/IT-start/7?a=/b#c"`, "", "company.example.com"},
			{`"url":"http://localhost:8080/apis/company.example.com/IT-start/7"`, "", "company.example.com"},
			{`"host":"company.example.com","path":"/IT-start/7"`, "", "company.example.com"},
			{`"host":"company.example.com","path":"IT-start/7?q"`, "", "company.example.com"},
			{`"url":"https://company.example.com"`, "operation_not_found", "company.example.com"},
			{`"url":"https://company.example.com/IT-start/7/8"`, "operation_not_found", "company.example.com"},
			{`"url":"https://unknown.example.com/IT-start/7"`, "operation_not_found", "unknown.example.com"},
			{`"url":"https://company.example.com/IT-start/7","ip":"198.51.100.1"`, "address_refused", "company.example.com"},
		} {
			var q quoteData
			ip := `,"ip":"::ffff:192.0.2.9"`
			if c.code == "address_refused" {
				ip = ""
			}
			w.client.do("POST", "/quote", basic(w.ann), `{"method":"GET","token":"`+made.id()+`",`+c.call+ip+`}`).ok(&q)
			if q.Admitted != (c.code == "") || q.Domain != c.domain || c.code != "" && (q.Code == nil || *q.Code != c.code || *q.Status < 400) {
				t.Errorf("%s: %+v", c.call, q)
			}
			if q.Admitted && (*q.Payer != "wallet" || q.Charged.String() != "0.05" || *q.Scope != startScope || *q.Operation != "/IT-start/{number}") {
				t.Errorf("%s: %+v", c.call, q)
			}
			if last := q.Checks[len(q.Checks)-1]; last.Passed != q.Admitted {
				t.Errorf("%s ends in %+v", c.call, last)
			}
		}
		wallet, err := w.store.Wallet(t.Context(), w.ann.id)
		if err != nil || wallet.Held != 0 || wallet.Balance.String() != "1" {
			t.Errorf("the quotes took something: %+v, %v", wallet, err)
		}
	})
}

// What cannot be asked is refused with the field at fault; tokens of others are as unknown as those that never were.
func TestAQuoteThatCannotBeAskedNamesTheField(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	made, other := w.create(w.ann, `{"scopes":["`+startScope+`","POST:`+platformHost+`/quote"]}`), w.create(w.bob, `{"scopes":["`+startScope+`"]}`)
	const url = `"url":"https://company.example.com/IT-start/7"`
	mine := `"token":"` + made.id() + `",`
	for _, c := range []struct {
		authorization, body string
		status, number      int
		field               string
	}{
		{basic(w.ann), `{` + url + `}`, 400, 1400, "/method"},
		{basic(w.ann), `{"method":"GET",` + url + `}`, 400, 1400, "/token"},
		{basic(w.ann), `{"method":"G T",` + mine + url + `}`, 400, 1400, "/method"},
		{basic(w.ann), `{"method":"GET",` + mine + `"path":"/"}`, 400, 1400, "/url"},
		{basic(w.ann), `{"method":"GET",` + mine + url + `,"host":"a","path":"/"}`, 400, 1400, "/url"},
		{basic(w.ann), `{"method":"GET",` + mine + `"url":"company.example.com/IT-start/7"}`, 400, 1400, "/url"},
		{basic(w.ann), `{"method":"GET",` + mine + `"url":"https://company.example.com/IT-start/../7"}`, 400, 1400, "/url"},
		{basic(w.ann), `{"method":"GET",` + mine + `"url":"https://` + platformHost + `/wallet"}`, 400, 1400, "/url"},
		{basic(w.ann), `{"method":"GET",` + mine + url + `,"ip":"localhost"}`, 400, 1400, "/ip"},
		{basic(w.ann), `{"method":"GET","token":"garbage",` + url + `}`, 400, 1400, "/token"},
		{basic(w.ann), `{"method":"GET","token":"` + other.id() + `",` + url + `}`, 404, 1404, "/token"},
		{basic(w.ann), `{"method":"GET","token":"65f0c0ffee0123456789abcd",` + url + `}`, 404, 1404, "/token"},
		{bearer(made.Token), `{"method":"GET","token":"` + other.id() + `",` + url + `}`, 404, 1404, "/token"},
		{bearer(other.Token), `{"method":"GET",` + url + `}`, 403, 1413, ""},
		{"", `{"method":"GET",` + mine + url + `}`, 401, 1401, ""},
	} {
		r := w.client.do("POST", "/quote", c.authorization, c.body)
		if r.status != c.status || *r.env.Error != c.number || r.env.Field != c.field {
			t.Errorf("%s: %d %s", c.body, r.status, r.body)
		}
	}
	for _, body := range []string{`{"method":"GET",` + url + `}`, `{"method":"GET",` + mine + url + `}`} {
		var q quoteData
		w.client.do("POST", "/quote", bearer(made.Token), body).ok(&q)
		if q.Token != made.id() {
			t.Errorf("%s: %+v", body, q)
		}
	}
}

// Nobody opens what is another's, and an id that cannot be one is as unknown.
func TestCallsAndTransactionsOfOthersAreNotThere(t *testing.T) {
	w := newLived(t, storagetest.Open(t, storagetest.SQLite(t)))
	for _, path := range []string{"/calls/" + string(w.opened), "/calls/cal_none", "/calls/%20", "/wallet/transactions/use_2026-11-20_company.example.com",
		"/wallet/transactions/tra_none", "/wallet/transactions/%C3%A9", "/wallet/transactions/use_2026-11-20_"} {
		r := w.client.do("GET", path, basic(w.bob), "")
		if r.status != 404 || *r.env.Error != 1404 {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
}
