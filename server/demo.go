package server

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/demo"
)

// Demo is a try-out account: what the command line prints so that a newcomer can call at once.
type Demo struct {
	Email  string `json:"email"`
	APIKey string `json:"apiKey"`
	// Password is what the account's user logs in with.
	Password string `json:"password"`
	// Host and Path are a paid operation of the demo API; Price is what a call costs.
	Host  string        `json:"-"`
	Path  string        `json:"-"`
	Price pontage.Money `json:"-"`
}

const (
	demoEmail = "demo@pontage.example"
	// demoCredit is 10 units of the instance's currency.
	demoCredit pontage.Money = 10_000_000
)

// prepareDemo imports the demo API, serves its upstream in this process, and makes the account on the first start. The key's text and the
// password are kept in a file of the data folder (mode 0600), because the database cannot give it back.
func (r *running) prepareDemo(ctx context.Context) (*Demo, error) {
	upstream, err := r.serveDemoUpstream()
	if err != nil {
		return nil, err
	}
	_, err = r.Catalog.Import(ctx, pontage.Operator(), catalog.ImportInput{
		Documents: []catalog.Document{{Name: "demo", Data: demo.Document()}}, Prices: demo.Prices(),
		Upstream: catalog.UpstreamMap{Default: upstream},
	})
	if err != nil {
		return nil, err
	}
	if err := r.Catalog.Refresh(ctx); err != nil {
		return nil, err
	}
	r.showLetters()
	d, err := r.demoAccount(ctx)
	if err != nil {
		return nil, err
	}
	d.Host, d.Path, d.Price = r.values.hostPrefix+demo.Host, demo.PaidPath, pontage.Money(demo.PaidPrice)
	return d, nil
}

// serveDemoUpstream gives the URL of the demo API's own server, on a port of its own.
func (r *running) serveDemoUpstream() (string, error) {
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	s := &http.Server{Handler: demo.Handler(), ReadHeaderTimeout: readHeaderTimeout}
	go s.Serve(socket)
	return "http://" + socket.Addr().String(), nil
}

// demoAccount gives the account, from its file after the first start. A file whose key the database does not take, because the
// database is a new one, is written again.
func (r *running) demoAccount(ctx context.Context) (*Demo, error) {
	file := filepath.Join(r.Config.Data, r.Name()+".demo.json")
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return r.makeDemoAccount(ctx, file)
	}
	if err != nil {
		return nil, err
	}
	d := &Demo{}
	if err := json.Unmarshal(data, d); err != nil {
		return nil, fmt.Errorf("%s: %w; delete it to get a new key", file, err)
	}
	_, err = r.Accounts.Authenticate(ctx, d.Email, d.APIKey)
	if pontage.CodeOf(err) == pontage.Unauthenticated || err == nil && d.Password == "" {
		return r.makeDemoAccount(ctx, file)
	}
	return d, err
}

func (r *running) makeDemoAccount(ctx context.Context, file string) (*Demo, error) {
	a, err := r.Store.AccountByEmail(ctx, demoEmail)
	if pontage.CodeOf(err) == pontage.NotFound {
		a, err = r.fundedDemoAccount(ctx)
	}
	if pontage.CodeOf(err) == pontage.Conflict { // another process on the same database was faster
		a, err = r.Store.AccountByEmail(ctx, demoEmail)
	}
	if err != nil {
		return nil, err
	}
	key, err := r.Accounts.CreateKey(ctx, pontage.Operator(), a.ID, "Demo")
	if err != nil {
		return nil, err
	}
	d := &Demo{Email: demoEmail, APIKey: key.Text, Password: strings.ToLower(rand.Text())}
	if _, err := r.Accounts.SetPassword(ctx, pontage.Operator(), a.ID, d.Password); err != nil {
		return nil, err
	}
	data, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil { // on PostgreSQL nothing else needs the folder
		return nil, err
	}
	return d, os.WriteFile(file, data, 0o600)
}

func (r *running) fundedDemoAccount(ctx context.Context) (*pontage.Account, error) {
	a, err := r.Accounts.Create(ctx, pontage.Operator(), account.CreateInput{Email: demoEmail, Name: "Demo"})
	if err != nil {
		return nil, err
	}
	_, err = r.Meter.Credit(ctx, pontage.Operator(), a.ID, demoCredit, "Welcome credit")
	return a, err
}
