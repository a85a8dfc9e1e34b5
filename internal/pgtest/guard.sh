# Runs one PostgreSQL cluster for as long as somebody holds the other end of standard input.
# Arguments: folder of the programs, folder for the cluster, port.
trap '' INT TERM HUP
bin=$1 folder=$2 port=$3
export LC_ALL=C

# A language's own order of letters shows whether the schema asks for an order by bytes; not every build has one.
create() {
	"$bin/initdb" -D "$folder/data" -U postgres --auth trust --encoding UTF8 --no-instructions "$@" >"$folder/initdb.log" 2>&1
}
create --locale-provider=icu --icu-locale=en --locale=C || {
	rm -rf "$folder/data"
	create --no-locale
} || {
	cat "$folder/initdb.log" >&2
	rm -rf "$folder"
	exit 1
}

cat >>"$folder/data/postgresql.conf" <<end
unix_socket_directories = '$folder'
listen_addresses = '127.0.0.1'
port = $port
max_connections = 300
shared_buffers = 64MB
end

"$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -t 60 -s start || {
	cat "$folder/server.log" >&2
	rm -rf "$folder"
	exit 1
}
echo ready
cat >/dev/null
"$bin/pg_ctl" -D "$folder/data" -m immediate -s stop
cd / && rm -rf "$folder"
