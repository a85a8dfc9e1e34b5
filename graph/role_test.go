package graph_test

import (
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// A list of roles has the client's own first and those that every client has behind them, page by page in both orders.
func TestRolesAreListedWithTheBuiltInOnes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		client := w.data(w.ann.basic(), `mutation{createClient(input:{name:"shop"}){client{id}}}`, nil).text("createClient.client.id")
		for _, key := range []string{"one", "two"} {
			w.clock.Advance(time.Second)
			if r := w.newRole(w.ann.basic(), client, key, 10, "CLIENT_READ"); r.get("createRole.role.status") != "ACTIVE" {
				t.Fatal(r.Raw)
			}
		}
		want := []string{"two", "one", "owner", "administrator", "developer", "finance", "viewer"}
		for _, order := range []string{"NEWEST_FIRST", "OLDEST_FIRST"} {
			variables := map[string]any{"c": client, "o": order}
			var got []string
			for more := true; more; {
				r := w.data(w.ann.basic(), `query($c:ID!,$a:String,$o:Order!){roles(clientId:$c,first:2,after:$a,order:$o){nodes{key builtIn clientId createdAt level} pageInfo{hasNextPage endCursor}}}`, variables)
				for _, n := range r.get("roles.nodes").([]any) {
					role := n.(map[string]any)
					got = append(got, role["key"].(string))
					if builtIn := len(role["key"].(string)) > 3; role["builtIn"] != builtIn || (role["clientId"] == nil) != builtIn || (role["createdAt"] == nil) != builtIn {
						t.Errorf("%v", role)
					}
				}
				more, variables["a"] = r.get("roles.pageInfo.hasNextPage").(bool), r.get("roles.pageInfo.endCursor")
			}
			for i := range want {
				at := i
				if order == "OLDEST_FIRST" {
					at = len(want) - 1 - i
				}
				if len(got) != len(want) || got[at] != want[i] {
					t.Fatalf("%s: %v", order, got)
				}
			}
		}
	})
}

// A role changes in what is given and in nothing else, and says when it gives nothing.
func TestARoleChangesInWhatIsGiven(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		client := w.data(w.ann.basic(), `mutation{createClient(input:{name:"shop"}){client{id}}}`, nil).text("createClient.client.id")
		const fields = "{role{id key name description group level permissions status expiresAt disabledAt}}"
		made := w.data(w.ann.basic(), `mutation($c:ID!,$x:DateTime){createRole(input:{clientId:$c,key:"till",name:"Till",description:"At the till.",group:"shop",level:7,permissions:[TOKEN_READ,CLIENT_READ,TOKEN_READ],expiresAt:$x})`+fields+"}",
			map[string]any{"c": client, "x": w.clock.Now().Add(time.Hour).Format(time.RFC3339)})
		id, role := made.get("createRole.role.id"), made.get("createRole.role").(map[string]any)
		if p := role["permissions"].([]any); len(p) != 2 || p[0] != "CLIENT_READ" {
			t.Errorf("%v", p)
		}
		for _, c := range []struct {
			input, name string
			want        any
		}{
			{`name:"Desk"`, "name", "Desk"}, {`description:""`, "description", ""}, {`group:"desk"`, "group", "desk"}, {"level:8", "level", 8},
			{"disabled:true", "status", "DISABLED"}, {"disabled:false", "status", "ACTIVE"}, {"expiresAt:null", "expiresAt", nil},
		} {
			r := w.data(w.ann.basic(), `mutation($i:ID!){updateRole(input:{id:$i,`+c.input+`})`+fields+"}", map[string]any{"i": id})
			now := r.get("updateRole.role").(map[string]any)
			for name := range role {
				if name != "disabledAt" && name != c.name && !same(role[name], now[name]) || name == c.name && !same(c.want, now[name]) {
					t.Errorf("%s: %s is %v, was %v", c.input, name, now[name], role[name])
				}
			}
			role = now
		}
		w.data(w.ann.basic(), `mutation($i:ID!,$x:DateTime){updateRole(input:{id:$i,expiresAt:$x}){role{id}}}`, map[string]any{"i": id, "x": w.clock.Now().Add(time.Hour).Format(time.RFC3339)})
		w.clock.Advance(time.Hour)
		for filter, want := range map[string]any{"active:false": id, "active:false,builtIn:true": nil, "builtIn:false,active:true": nil, "builtIn:true,active:true": string(pontage.RoleOwner)} {
			if r := w.data(w.ann.basic(), `query($c:ID!){roles(clientId:$c,first:1,filter:{`+filter+`}){nodes{id status}}}`, map[string]any{"c": client}); r.get("roles.nodes.0.id") != want {
				t.Errorf("%s: %s", filter, r.Raw)
			}
		}
		if r := w.data(w.ann.basic(), `query($i:ID!){role(id:$i){status} node(id:"rol_viewer"){id}}`, map[string]any{"i": id}); r.get("role.status") != "EXPIRED" || r.get("node.id") != "rol_viewer" {
			t.Errorf("%s", r.Raw)
		}
		for input, field := range map[string]string{`key:"A",name:"x"`: "key", `key:"a",name:""`: "name", `key:"a",name:"x",level:100`: "level", `key:"a",name:"x",expiresAt:"2020-01-01T00:00:00Z"`: "expiresAt"} {
			r := w.ask(w.ann.basic(), `mutation($c:ID!){createRole(input:{clientId:$c,permissions:[],`+input+`}){role{id}}}`, map[string]any{"c": client})
			wantRefusal(t, input, r, "INVALID_INPUT", "/input/"+field)
		}
		wantRefusal(t, "a key that is taken", w.newRole(w.ann.basic(), client, "till", 1), "CONFLICT", "/input/key")
		wantRefusal(t, "a built-in key", w.newRole(w.ann.basic(), client, "owner", 1), "CONFLICT", "/input/key")
		w.data(w.ann.basic(), `mutation($i:ID!){deleteRole(input:{id:$i}){id}}`, map[string]any{"i": id})
	})
}

// What is a word of the rules is a word of the schema, and the other way round.
func TestEveryPermissionIsInTheSchema(t *testing.T) {
	values := newGenerator(t).schema.Types["Permission"].EnumValues
	if len(values) != len(pontage.Permissions()) {
		t.Errorf("%d permissions in the schema, %d in the rules", len(values), len(pontage.Permissions()))
	}
	for _, v := range values {
		if p := permissionOf(v.Name); !p.Valid() {
			t.Errorf("%s is no permission", v.Name)
		}
	}
}
