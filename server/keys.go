package server

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

// keyRing gives an instance's key ring: from the configuration where it is there, else from its file in the data folder, which is
// made with one key on the first start.
func keyRing(e Endpoint, file string, log *slog.Logger) (*pontage.KeyRing, error) {
	if e.Keys != "" {
		return ParseKeys(e.Keys)
	}
	keys, err := readKeyFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		log.Warn("a new key ring was made; losing it means that every token, API key and secret must be issued again: back it up",
			"file", file)
		return makeKeyFile(file)
	}
	if err != nil {
		return nil, err
	}
	return pontage.NewKeyRing(keys...)
}

// RotateKeyFile puts a new signing key in front of the ring in file; the old keys go on verifying. It gives the new key's id.
func RotateKeyFile(file string) (string, error) {
	keys, err := readKeyFile(file)
	if err != nil {
		return "", err
	}
	key := newKey()
	return key.ID, writeKeyFile(file, append([]pontage.Key{key}, keys...))
}

// NewKeyText makes a random key in the form the configuration takes.
func NewKeyText() string { return keyText(newKey()) }

// ParseKeys reads id:base64[,…], the form of the configuration.
func ParseKeys(text string) (*pontage.KeyRing, error) {
	var keys []pontage.Key
	for part := range strings.SplitSeq(text, ",") {
		key, err := parseKey(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return pontage.NewKeyRing(keys...)
}

func newKey() pontage.Key {
	return pontage.NewKey("k" + time.Now().UTC().Format("20060102") + strings.ToLower(rand.Text()[:8]))
}

func keyText(k pontage.Key) string {
	return k.ID + ":" + base64.StdEncoding.EncodeToString(k.Secret[:])
}

// parseKey never repeats the text it could not read: it may be a secret.
func parseKey(text string) (pontage.Key, error) {
	id, encoded, _ := strings.Cut(text, ":")
	secret, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(secret) != 32 || id == "" {
		return pontage.Key{}, errors.New("key ring: a key must be id:base64 of 32 bytes; make one with 'pontage keys new'")
	}
	return pontage.Key{ID: id, Secret: [32]byte(secret)}, nil
}

func readKeyFile(file string) ([]pontage.Key, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("key ring %s can be read by others: chmod 600 it", file)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var keys []pontage.Key
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			key, err := parseKey(line)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// makeKeyFile makes the ring's file with one key; if another process was faster, its ring counts.
func makeKeyFile(file string) (*pontage.KeyRing, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	temporary := fmt.Sprintf("%s.%d", file, os.Getpid())
	if err := writeKeyFile(temporary, []pontage.Key{newKey()}); err != nil {
		return nil, err
	}
	defer os.Remove(temporary)
	if err := os.Link(temporary, file); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	keys, err := readKeyFile(file)
	if err != nil {
		return nil, err
	}
	return pontage.NewKeyRing(keys...)
}

// writeKeyFile replaces file as a whole and durably: a torn ring would lose every credential.
func writeKeyFile(file string, keys []pontage.Key) error {
	var text strings.Builder
	text.WriteString("# Key ring: the first key signs, all verify. Keep it secret, and back it up.\n")
	for _, k := range keys {
		text.WriteString(keyText(k) + "\n")
	}
	temporary := file + ".new"
	out, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = out.WriteString(text.String())
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		return err
	}
	return os.Rename(temporary, file)
}
