package sandbox_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/sandbox"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// shop is an API with things to post, on a real catalogue and database.
type shop struct {
	testing.TB
	store   *storage.Store
	catalog *catalog.Service
	clock   *storagetest.MovingClock
	*sandbox.Upstream
	ann, bob pontage.AccountID
}

const shopDocument = `{"openapi":"3.0.3","info":{"title":"Shop","version":"1"},"servers":[{"url":"https://shop.example"}],"paths":{
"/items":{
 "get":{"responses":{"200":{"description":"all","content":{"application/json":{"example":{"data":[{"id":"0","name":"documented","state":"new"}],"success":true}}}}}},
 "post":{"responses":{"201":{"description":"made","content":{"application/json":{"example":{"data":{"id":"62542b966ea4de0b373dc1d2","name":"documented","state":"new"},"success":true}}}}}}},
"/items/{id}":{
 "get":{"responses":{"200":{"description":"one","content":{"application/json":{"example":{"data":{"id":"0","name":"documented","state":"done","size":1},"success":true}}}},
  "404":{"description":"none","content":{"application/json":{"example":{"gone":true}}}}}},
 "put":{"responses":{"200":{"description":"ok","content":{"application/json":{"example":{"data":[],"success":true}}}}}},
 "patch":{"responses":{"200":{"description":"ok","content":{"application/json":{"example":{"data":{"id":"0","name":"documented"},"success":true}}}}}},
 "delete":{"responses":{"204":{"description":"gone"}}}},
"/EU-items":{"post":{"responses":{"200":{"description":"made","content":{"application/json":{"example":{"id":7}}}}}}},
"/names":{
 "get":{"responses":{"200":{"description":"all","content":{"application/json":{"example":["documented"]}}}}},
 "post":{"responses":{"200":{"description":"made","content":{"application/json":{"example":[]}}}}}},
"/names/{name}":{"get":{"responses":{"200":{"description":"one","content":{"application/json":{"example":{"name":"documented"}}}}}}},
"/search":{"post":{"responses":{"200":{"description":"found","content":{"application/json":{"example":{"found":1}}}}}}}
}}`

func newShop(t testing.TB, store *storage.Store) *shop {
	t.Helper()
	s := &shop{TB: t, store: store, clock: storagetest.NewMovingClock(storagetest.Start), ann: "acc_ann", bob: "acc_bob"}
	s.catalog = catalog.New(catalog.Config{Store: store, Clock: s.clock.Now, HostPrefix: "test."})
	report, err := s.catalog.Import(t.Context(), pontage.Operator(), catalog.ImportInput{Documents: []catalog.Document{{Name: "shop", Data: []byte(shopDocument)}}})
	if err != nil || report.Rejected() > 0 {
		t.Fatalf("%v %s", err, report)
	}
	err = store.Write(t.Context(), func(tx pontage.Tx) error {
		for _, id := range []pontage.AccountID{s.ann, s.bob} {
			if err := tx.InsertAccount(t.Context(), pontage.Account{ID: id, Email: string(id) + "@example.com", CreatedAt: s.clock.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.restart()
	return s
}

// restart makes the upstream anew, as a start of the server does.
func (s *shop) restart() {
	s.Upstream = sandbox.NewUpstream(sandbox.UpstreamConfig{Answers: s.store, Echoes: s.store, Routes: s.catalog, Clock: s.clock.Now})
}

// do makes a call and gives status and body.
func (s *shop) do(by pontage.AccountID, method, path, body string) (int, string) {
	s.Helper()
	match, err := s.catalog.Match(method, "shop.example", path)
	if err != nil {
		s.Fatalf("%s %s: %v", method, path, err)
	}
	call := &pontage.Attempt{Match: match, Method: method, Admission: pontage.Admission{AccountID: by}}
	resp, err := s.RoundTrip(call, httptest.NewRequestWithContext(s.Context(), method, "http://shop.example"+path, strings.NewReader(body)))
	if err != nil {
		s.Errorf("%s %s: %v", method, path, err)
		return 0, ""
	}
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Errorf("%s %s: %v", method, path, err)
	}
	return resp.StatusCode, string(got)
}

// want makes a call and compares.
func (s *shop) want(by pontage.AccountID, method, path, body string, status int, answer string) {
	s.Helper()
	if code, got := s.do(by, method, path, body); code != status || got != answer {
		s.Errorf("%s %s: %d %s, want %d %s", method, path, code, got, status, answer)
	}
}

func each(t *testing.T, do func(s *shop)) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) { do(newShop(t, open())) })
}

// A developer's integration posts and reads back; what it does to its things shows, survives a restart, and nobody else sees it.
func TestWhatIsPostedIsGivenBack(t *testing.T) {
	each(t, func(s *shop) {
		s.want(s.ann, "GET", "/items", "", 200, `{"data":[{"id":"0","name":"documented","state":"new"}],"success":true}`)
		status, made := s.do(s.ann, "POST", "/items", `{"name":"mine","size":"large","extra":{"a":1.50}}`)
		var answer struct {
			Data struct{ ID, Name, State string }
		}
		if err := json.Unmarshal([]byte(made), &answer); err != nil || status != 201 || answer.Data.Name != "mine" || answer.Data.State != "new" ||
			len(answer.Data.ID) != 24 || answer.Data.ID == "62542b966ea4de0b373dc1d2" {
			s.Fatalf("%d %s %v", status, made, err)
		}
		id := answer.Data.ID
		read := `{"data":{"extra":{"a":1.50},"id":"` + id + `","name":"mine","size":1,"state":"done"},"success":true}`
		s.want(s.ann, "GET", "/items/"+id, "", 200, read)
		s.want(s.ann, "POST", "/items", `{"name":"mine","size":"large","extra":{"a":1.50}}`, 201, made) // the same again: the same thing
		s.restart()
		s.want(s.ann, "GET", "/items/"+id, "", 200, read)
		s.want(s.bob, "GET", "/items/"+id, "", 200, `{"data":{"id":"0","name":"documented","size":1,"state":"done"},"success":true}`)
		s.want(s.ann, "GET", "/items", "", 200, `{"data":[{"extra":{"a":1.50},"id":"`+id+`","name":"mine","size":"large","state":"new"}],"success":true}`)
		s.want(s.ann, "PATCH", "/items/"+id, `{"state":"sold"}`, 200,
			`{"data":{"extra":{"a":1.50},"id":"`+id+`","name":"mine","size":"large","state":"sold"},"success":true}`)
		s.want(s.ann, "PUT", "/items/"+id, `{"name":"new"}`, 200, `{"data":[],"success":true}`)
		s.want(s.ann, "GET", "/items/"+id, "", 200, `{"data":{"id":"`+id+`","name":"new","size":1,"state":"done"},"success":true}`)
		s.want(s.ann, "DELETE", "/items/"+id, "", 204, "")
		for _, method := range []string{"GET", "PATCH", "PUT", "DELETE"} {
			if code, body := s.do(s.ann, method, "/items/"+id, "{}"); code != 404 || method == "GET" && body != `{"gone":true}` {
				s.Errorf("%s after DELETE: %d %s", method, code, body)
			}
		}
		s.want(s.ann, "GET", "/items", "", 200, `{"data":[{"id":"0","name":"documented","state":"new"}],"success":true}`)
	})
}

// Lists of names, names of one's own, numbers for names, and lists that are read elsewhere than they are posted to.
func TestThingsAreFoundByTheNamesTheyHave(t *testing.T) {
	each(t, func(s *shop) {
		s.want(s.ann, "POST", "/names", `{"name":"mine","more":true}`, 200, `[]`)
		s.want(s.ann, "GET", "/names/mine", "", 200, `{"more":true,"name":"mine"}`)
		s.want(s.ann, "GET", "/names", "", 200, `["mine"]`)
		_, made := s.do(s.ann, "POST", "/EU-items", `{"note":"a"}`)
		var answer struct{ ID json.Number }
		if err := json.Unmarshal([]byte(made), &answer); err != nil || len(answer.ID) != 1 {
			s.Fatalf("%s %v", made, err)
		}
		if _, read := s.do(s.ann, "GET", "/items/"+answer.ID.String(), ""); !strings.Contains(read, `"note":"a"`) {
			s.Errorf("%s", read)
		}
		s.want(s.ann, "POST", "/search", `{"found":2}`, 200, `{"found":1}`)
		n, err := s.store.CountEchoes(s.Context(), s.ann)
		if err != nil || n != 2 {
			s.Errorf("%d kept, %v: nothing is kept of a search", n, err)
		}
	})
}

// What is kept is bounded in number, size and age, whatever a partner posts and however many at once.
func TestWhatIsKeptIsBounded(t *testing.T) {
	each(t, func(s *shop) {
		var group sync.WaitGroup
		for worker := range 8 {
			group.Go(func() {
				for i := range sandbox.MostEchoes/8 + 5 {
					s.do(s.ann, "POST", "/items", fmt.Sprintf(`{"n":"%d-%d"}`, worker, i))
				}
			})
		}
		group.Wait()
		if n, err := s.store.CountEchoes(s.Context(), s.ann); err != nil || n != sandbox.MostEchoes {
			s.Errorf("%d kept, %v", n, err)
		}
		large := `{"name":"large","x":"` + strings.Repeat("x", sandbox.MostBytes) + `"}`
		_, made := s.do(s.bob, "POST", "/items", large)
		_, other := s.do(s.bob, "POST", "/items", strings.Replace(large, "large", "other", 1))
		if made == other || !strings.Contains(made, "documented") {
			s.Errorf("%.200s", made)
		}
		s.clock.Advance(sandbox.Keep)
		_, list := s.do(s.bob, "GET", "/items", "")
		if !strings.Contains(list, `"id":"0"`) {
			s.Errorf("what is over is still listed: %.200s", list)
		}
		var deleted int
		err := s.store.Write(s.Context(), func(tx pontage.Tx) (err error) {
			deleted, err = tx.DeleteExpired(s.Context(), s.clock.Now().Add(time.Second), 1000)
			return err
		})
		if err != nil || deleted != sandbox.MostEchoes+2 {
			s.Errorf("%d deleted, %v", deleted, err)
		}
	})
}

// FuzzPostAndRead holds the upstream to its promise for whatever strangers post: an answer, JSON where the document's is, the same for the
// same request.
func FuzzPostAndRead(f *testing.F) {
	for _, body := range []string{``, `{}`, `{"id":"x"}`, `{"id":"simulate-404"}`, `{"id":["a"]}`, `{"id":1e999}`, `{"data":{"id":"a"}}`, `[1]`, `{"id":"a/b"}`, "{\"id\":\"a\\u0000\"}", `<x/>`} {
		f.Add(body)
	}
	s := newShop(f, storagetest.Open(f, storagetest.SQLite(f)))
	f.Fuzz(func(t *testing.T, body string) {
		s.TB = t
		status, first := s.do(s.ann, "POST", "/items", body)
		if again, second := s.do(s.ann, "POST", "/items", body); again != status || first != second {
			t.Errorf("%q: %d %s, then %d %s", body, status, first, again, second)
		}
		if status == 201 && !json.Valid([]byte(first)) {
			t.Errorf("%q: %s", body, first)
		}
	})
}
