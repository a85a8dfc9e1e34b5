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
		"50 fragments that overlap":       overlapping(50),
		"as many values as there is room": "{nodes(ids:[" + strings.Repeat(`"x" `, 900) + "]){id}}",
	}
}

// overlapping spreads many fragments beside each other, so that each must be compared with all others.
func overlapping(n int) string {
	var spreads, fragments strings.Builder
	for i := range n {
		fmt.Fprintf(&spreads, "...F%d ", i)
		fmt.Fprintf(&fragments, " fragment F%d on Account {id name email createdAt}", i)
	}
	return "{viewer{" + spreads.String() + "}}" + fragments.String()
}

// BenchmarkDearRequests is a request from its bytes to its answer: each within 50 ms of one core, and 32 KiB of answer.
func BenchmarkDearRequests(b *testing.B) {
	w := sqliteWorld(b, nil)
	handler, err := graph.New(w.config)
	must(b, err)
	for name, query := range dear() {
		body, err := json.Marshal(map[string]string{"query": query})
		must(b, err)
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(string(body)))
				r.Header.Set("Content-Type", "application/json")
				answer := httptest.NewRecorder()
				handler.ServeHTTP(answer, r)
				if answer.Body.Len() > 32<<10 {
					b.Fatalf("%d bytes", answer.Body.Len())
				}
			}
			if perRequest := b.Elapsed().Milliseconds() / int64(b.N); perRequest > 50 {
				b.Errorf("%d ms", perRequest)
			}
		})
	}
	b.Run("a-batch-of-50", func(b *testing.B) {
		body := "[" + strings.Repeat(`{"query":"{viewer{id}}"},`, 49) + `{"query":"{viewer{id}}"}]`
		for b.Loop() {
			r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			answer := httptest.NewRecorder()
			handler.ServeHTTP(answer, r)
			if answer.Code != http.StatusBadRequest {
				b.Fatalf("%d", answer.Code)
			}
		}
	})
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
