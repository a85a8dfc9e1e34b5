package main

import (
	"errors"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
)

// answer is the JSON object of 200 bytes that bare handler and upstream give.
var answer = []byte(`{"data":"` + strings.Repeat("x", 200-len(`{"data":""}`)) + `"}`)

func bareHandler(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	_, _ = w.Write(answer)
}

// serveYardstick serves until it is killed: "handler ADDRESS", or "proxy ADDRESS UPSTREAM".
func serveYardstick(arguments []string) error {
	socket, err := net.Listen("tcp", arguments[1])
	if err != nil {
		return err
	}
	switch {
	case arguments[0] == "handler":
		return http.Serve(socket, http.HandlerFunc(bareHandler))
	case arguments[0] == "proxy" && len(arguments) == 3:
		upstream, err := url.Parse(arguments[2])
		if err != nil {
			return err
		}
		return http.Serve(socket, &httputil.ReverseProxy{
			Rewrite:   func(p *httputil.ProxyRequest) { p.SetURL(upstream) },
			Transport: &http.Transport{MaxIdleConnsPerHost: 128},
		})
	}
	return errors.New("unknown yardstick")
}
