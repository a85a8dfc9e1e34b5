package server

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
)

// serveProfiles answers /debug/pprof/ on an address of this machine alone: profiles show the process's insides. The caller closes it.
func serveProfiles(address string) (*http.Server, error) {
	peer, err := netip.ParseAddrPort(address)
	if err != nil || !peer.Addr().IsLoopback() {
		return nil, fmt.Errorf("pprof: %q is not a loopback address with a port, such as 127.0.0.1:6060", address)
	}
	socket, err := net.Listen("tcp", address)
	if err != nil {
		return nil, errors.Join(errors.New("pprof"), err)
	}
	routes := http.NewServeMux()
	routes.HandleFunc("/debug/pprof/", pprof.Index)
	routes.HandleFunc("/debug/pprof/profile", pprof.Profile)
	routes.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	routes.HandleFunc("/debug/pprof/trace", pprof.Trace)
	s := &http.Server{Handler: routes, ReadHeaderTimeout: readHeaderTimeout}
	go s.Serve(socket)
	return s, nil
}
