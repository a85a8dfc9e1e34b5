package gateway_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/gateway"
)

// Partners who speak HTTP/2 share one connection between their calls: a stream that goes both ways, and a body that is cut, must
// leave the others alone.
func TestHTTP2Partners(t *testing.T) {
	d := open(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "PUT" {
			io.Copy(io.Discard, r.Body)
			return
		}
		http.NewResponseController(w).EnableFullDuplex()
		w.WriteHeader(200)
		for lines := bufio.NewScanner(r.Body); lines.Scan(); {
			io.WriteString(w, lines.Text()+"\n")
			w.(http.Flusher).Flush()
		}
	}, func(_ *gateway.Config, api *pontage.API) { api.MaxBody = 1000 })
	s := httptest.NewUnstartedServer(d.server.Config.Handler)
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	send := func(method, path string, body io.Reader) *http.Response {
		r, err := http.NewRequest(method, s.URL+"/apis/"+apiHost+path, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+goodBearer)
		res, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if res.ProtoMajor != 2 {
			t.Fatal(res.Proto)
		}
		return res
	}
	read, write := io.Pipe()
	go io.WriteString(write, "0\n")
	res := send("POST", "/items", read)
	answer := bufio.NewReader(res.Body)
	for n := range 5 {
		if n > 0 {
			io.WriteString(write, itoa(n)+"\n")
		}
		if line, err := answer.ReadString('\n'); err != nil || line != itoa(n)+"\n" {
			t.Fatalf("%q, %v", line, err)
		}
		if n == 2 {
			cut := d.read(send("PUT", "/files/large", struct{ io.Reader }{io.LimitReader(zeros{}, 1<<20)}))
			if cut.StatusCode != 413 {
				t.Errorf("%d %s", cut.StatusCode, cut.body)
			}
		}
	}
	write.Close()
	if rest, err := io.ReadAll(answer); err != nil || len(rest) > 0 {
		t.Errorf("%q, %v", rest, err)
	}
}

// What an upstream did not say of its answer must not be guessed: a guess may be a page with a script.
func TestContentTypeIsNotGuessed(t *testing.T) {
	address := rawUpstream(t, "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<html>x</html>\n")
	d := open(t, nil, func(_ *gateway.Config, api *pontage.API) { api.Upstream = "http://" + address })
	if got := d.do(d.request("GET", "/items", nil)); got.StatusCode != 200 || got.Header.Get("Content-Type") != "" {
		t.Errorf("%d %q", got.StatusCode, got.Header.Get("Content-Type"))
	}
}
