package prove_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// diskVariable tells a test that it runs inside of a mount namespace of its own; its value is the small disk.
const diskVariable = "PONTAGE_PROVE_DISK"

// diskSize leaves room for what the rounds write while there is space.
var diskSize = long("64m", "400m")

// onSmallDisk runs a test in a folder on a small disk of its own. Only a process in a name space of its own may mount one without
// leaving it behind, so the test binary runs the test again in such a process.
func onSmallDisk(t *testing.T, test func(folder string)) {
	t.Helper()
	if disk := os.Getenv(diskVariable); disk != "" {
		test(disk)
		return
	}
	if _, err := exec.LookPath("unshare"); err != nil {
		t.Fatalf("a small disk needs Linux and unshare (Debian: apt-get install util-linux mount): %v", err)
	}
	disk := t.TempDir()
	again := exec.Command("unshare", "-rm", "sh", "-c", `mount -t tmpfs -o size=`+diskSize+` none "$0" && exec "$@"`,
		disk, os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=300s")
	again.Env, again.SysProcAttr = append(os.Environ(), diskVariable+"="+disk), attributes()
	out, err := again.CombinedOutput()
	for line := range strings.Lines(string(out)) {
		t.Log(strings.TrimRight(line, "\n"))
	}
	if err != nil {
		t.Errorf("on the small disk: %v (unshare needs root, or user name spaces: sysctl kernel.unprivileged_userns_clone=1)", err)
	}
}

// fill writes until there is no space, and gives the file.
func fill(t testing.TB, folder string) string {
	t.Helper()
	file, err := os.CreateTemp(folder, "ballast-")
	if err != nil {
		t.Fatal(err)
	}
	for block := bytes.Repeat([]byte("full"), 64<<10); len(block) > 0; {
		if _, err = file.Write(block); err == nil {
			continue
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
		block = block[:len(block)/2]
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Name()
}

// integrity lets SQLite look at every page.
func (h *house) integrity() {
	h.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(h.folder, "production.db"))
	h.must(err)
	defer func() { h.must(db.Close()) }()
	var answer string
	h.must(db.QueryRow("PRAGMA integrity_check").Scan(&answer))
	if answer != "ok" {
		h.t.Errorf("the database is corrupt: %s", answer)
	}
}
