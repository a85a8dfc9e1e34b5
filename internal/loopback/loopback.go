// Package loopback gives tests addresses for servers that must know their port before they listen.
package loopback

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// The ports the kernel does not hand out by itself: an address given here is not taken by somebody's outgoing connection before its
// server listens.
const (
	firstPort = 20_000
	lastPort  = 32_000
)

// FreeAddress gives a loopback address nobody listens on, HOST:PORT.
func FreeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", firstPort+rand.IntN(lastPort-firstPort))
		if socket, err := net.Listen("tcp", address); err == nil {
			socket.Close()
			return address
		}
	}
	t.Fatal("no free port on the loopback interface")
	return ""
}
