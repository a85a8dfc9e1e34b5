package pontage

import "testing"

// What is taken for this machine is trusted with plain HTTP, so nothing else may look like it.
func TestOnlyThisMachineHasALocalName(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LocalHost": true, "pontage.localhost": true, "127.0.0.1": true, "127.1.2.3": true, "::1": true,
		"": false, "localhost.example.com": false, "notlocalhost": false, "10.0.0.1": false, "0.0.0.0": false, "127.0.0.1.example.com": false,
		"localhost.": false, "[::1]": false,
	} {
		if got := IsLocalName(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}
