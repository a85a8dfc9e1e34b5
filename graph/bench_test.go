package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pontage/pontage/graph"
)

// dear are requests that are to cost little, whatever they ask: a stranger's, before they are refused, and those that pass the limits
// with the most work for the validation.
func dear() map[string]string {
	bomb := "{ viewer { ...F0 } }"
	for i := range 30 {
		bomb += fmt.Sprintf(" fragment F%d on Account { ...F%d ...F%d }", i, i+1, i+1)
	}
	return map[string]string{
		"a fragment bomb":                 bomb + " fragment F30 on Account { id }",
		"10,000 equal fields":             "{viewer{" + strings.Repeat("id ", 10_000) + "}}",
		"20,000 directives":               "{viewer{id" + strings.Repeat("@a", 20_000) + "}}",
		"900 equal fields":                "{viewer{" + strings.Repeat("id ", 900) + "}}",
		"900 unknown fields":              "{viewer{" + unknownFields(900) + "}}",
		"50 fragments that overlap":       overlapping(50, "id name email createdAt"),
		"105 fragments that overlap":      overlapping(105, "id"),
		"200 unnamed fragments":           "{viewer{" + strings.Repeat("...{"+strings.Repeat("...{id}", 50)+"}", 4) + "}}",
		"as many values as there is room": "{nodes(ids:[" + strings.Repeat(`"x" `, 900) + "]){id}}",
	}
}

// overlapping spreads n fragments beside each other, so that each must be compared with all others.
func overlapping(n int, fields string) string {
	var spreads, fragments strings.Builder
	for i := range n {
		fmt.Fprintf(&spreads, "...F%d ", i)
		fmt.Fprintf(&fragments, " fragment F%d on Account {%s}", i, fields)
	}
	return "{viewer{" + spreads.String() + "}}" + fragments.String()
}

// What a stranger may send must cost little: each request, from its bytes to its answer, is over within 50 ms of one core and 32 KiB.
func TestDearRequestsCostLittle(t *testing.T) {
	send := sender(t)
	for name, body := range dearBodies() {
		least := time.Hour // of a few times: the collector and other tests may work meanwhile
		for range 5 {
			text := body()
			before := cpu(t)
			if n := send(text).Body.Len(); n > 32<<10 {
				t.Errorf("%s: an answer of %d bytes", name, n)
			}
			least = min(least, cpu(t)-before)
		}
		t.Logf("%s: %v", name, least)
		if least > 50*time.Millisecond {
			t.Errorf("%s takes %v", name, least)
		}
	}
}

// BenchmarkDearRequests shows by how much TestDearRequestsCostLittle holds.
func BenchmarkDearRequests(b *testing.B) {
	send := sender(b)
	for name, body := range dearBodies() {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			before := cpu(b)
			for b.Loop() {
				send(body())
			}
			b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

// dearBodies make the bodies of the dear requests, each time one that was never seen before.
func dearBodies() map[string]func() string {
	bodies := map[string]func() string{"a batch of 50": func() string {
		return "[" + strings.Repeat(`{"query":"{viewer{id}}"},`, 49) + `{"query":"{viewer{id}}"}]`
	}}
	for name, query := range dear() {
		n := 0
		bodies[name] = func() string {
			n++
			body, _ := json.Marshal(map[string]string{"query": fmt.Sprint(query, "#", n)}) // text always marshals
			return string(body)
		}
	}
	return bodies
}

// sender sends bodies to the API, past the network, as nobody.
func sender(tb testing.TB) func(body string) *httptest.ResponseRecorder {
	handler, err := graph.New(sqliteWorld(tb, nil).config)
	must(tb, err)
	return func(body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		if !strings.Contains(answer.Body.String(), `"errors":[`) {
			tb.Fatalf("it is answered: %.300s", answer.Body)
		}
		return answer
	}
}

// BenchmarkFiftyTokens is what a dashboard asks of fifty tokens, without the network.
func BenchmarkFiftyTokens(b *testing.B) {
	w := sqliteWorld(b, nil)
	for i := range 50 {
		w.data(w.ann.basic(), `mutation($n:String!,$s:[String!]!){createToken(input:{name:$n,scopes:$s,limits:{totalRequests:10,walletAmount:"5",ip:["192.0.2.0/24"]}}){bearer}}`,
			map[string]any{"n": fmt.Sprint(i), "s": []string{"*:" + platformHost + "/*"}})
	}
	handler, err := graph.New(w.config)
	must(b, err)
	const query = `{tokens(first:50){nodes{id name scopes expiresAt limits{totalRequests walletAmount ip} remaining{totalRequests walletAmount} usage{totalRequests walletRequests errorRequests walletAmount}} pageInfo{hasNextPage endCursor}}}`
	b.ReportAllocs()
	before := cpu(b)
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(`{"query":"`+query+`"}`))
		r.Header.Set("Content-Type", "application/json")
		r.SetBasicAuth(w.ann.email, w.ann.key)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		if strings.Count(answer.Body.String(), `"id"`) != 50 {
			b.Fatal(answer.Body.String())
		}
	}
	b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// cpu is the processor time of the process so far, which other work on the machine does not lengthen.
func cpu(tb testing.TB) time.Duration {
	var used syscall.Rusage
	must(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
