"""T-15: addresses that must lead nowhere, written by hand; {port} is where the canary listens."""

PUBLIC = "93.184.215.14"

_FOUR = (
    "0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.254 100.64.0.1 100.100.100.200 100.127.255.254 127.0.0.1 127.0.0.2 127.127.127.127"
    " 127.255.255.254 168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.254 192.0.0.1 192.0.0.8"
    " 192.0.0.9 192.0.0.170 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.168.255.254"
    " 192.175.48.1 198.18.0.1 198.19.255.254 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255"
)
_SIX = (
    ":: ::1 ::2 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:0:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:8.8.8.8 64:ff9b::7f00:1"
    " 64:ff9b::a9fe:a9fe 64:ff9b::8.8.8.8 64:ff9b:1::1 100::1 100:0:0:1::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2"
    " 2001:2::1 2001:3::1 2001:4:112::1 2001:10::1 2001:20::1 2001:30::1 2001:db8::1 2002:7f00:1:: 2002:7f00:1::1"
    " 2002:a9fe:a9fe::1 2620:4f:8000::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fd12:3456::1 fe80::1 fec0::1 ff02::1 ff0e::1"
    " 2606:4700:0:1:0:5efe:7f00:1 2606:4700:0:1:200:5efe:a00:1 4000::1"
)
SPECIAL_4, SPECIAL_6 = _FOUR.split(), _SIX.split()

LOOPBACK_WRITTEN_OTHERWISE = (
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0X7F000001:{port}/",
    "http://017700000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0177.0.0.01:{port}/",
    "http://0x7f.0x0.0x0.0x1:{port}/",
    "http://0x7f.1:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://127.000.000.001:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://2130706433.:{port}/",
    "http://0:{port}/",
    "http://0x0:{port}/",
    "http://0.0:{port}/",
    "http://00.00.00.00:{port}/",
    "http://6425673729:{port}/",
    "http://127.0.0.1%2f@:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://127%2e0%2e0%2e1:{port}/",
    "http://１２７.０.０.１:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://127．0．0．1:{port}/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[0000:0000:0000:0000:0000:0000:0000:0001]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::FFFF:127.0.0.1]:{port}/",
    "http://[::1%25lo]:{port}/",
    "http://[::1%lo]:{port}/",
    "http://[fe80::1%25eth0]:{port}/",
    "http://[::1]umum.contoh.go.id:{port}/",
    "http://umum.contoh.go.id[::1]:{port}/",
    "http://[127.0.0.1]:{port}/",
    "http://2852039166:{port}/",
    "http://0xA9FEA9FE:{port}/",
    "http://0251.0376.0251.0376:{port}/",
    "http://169.254.43518:{port}/",
)
TWO_READINGS = (
    "http://umum.contoh.go.id@127.0.0.1:{port}/",
    "http://umum.contoh.go.id:80@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@umum.contoh.go.id/",
    "http://pengguna:sandi@umum.contoh.go.id/",
    "http://@127.0.0.1:{port}/",
    "http://umum.contoh.go.id%40127.0.0.1:{port}/",
    "http://umum.contoh.go.id\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@umum.contoh.go.id/",
    "http://umum.contoh.go.id\\.127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}\\",
    "http://127.0.0.1:{port}#@umum.contoh.go.id/",
    "http://127.0.0.1:{port}?@umum.contoh.go.id/",
    "http://umum.contoh.go.id :{port}/",
    "http://127.0.0.1\t:{port}/",
    "http://127.0.0.1\n:{port}/",
    "ht\ntp://127.0.0.1:{port}/",
    "\x00http://127.0.0.1:{port}/",
    " http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/\r\nX-Lain: 1",
    "http://umum.contoh.go.id\r\nHost: 127.0.0.1:{port}/",
    "http://umum..contoh:{port}/",
    "http://-umum.contoh:{port}/",
    "http://umum.contoh.go.id:{port}:{port}/",
    "http://127.0.0.1:{port}:80/",
    "http://",
    "http:///127.0.0.1:{port}/",
    "http:/127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "",
)
SCHEMES = tuple(
    f"{scheme}://127.0.0.1:{{port}}/"
    for scheme in ("ftp", "ftps", "gopher", "dict", "ldap", "ldaps", "tftp", "sftp", "ssh", "ws", "wss", "redis", "jar")
) + (
    "file:///etc/hostname",
    "data:text/plain,x",
    "javascript:alert(1)",
    "url:http://127.0.0.1:{port}/",
    "view-source:http://127.0.0.1:{port}/",
    "http+unix://%2Fvar%2Frun%2Fx.sock/",
)
PORTS = tuple(f"http://umum.contoh.go.id:{port}/" for port in (0, 1, 21, 22, 23, 25, 53, 110, 143, 445, 3306, 5432, 6379,
                                                              8080, 9200, 11211, 27017, 65535, 65536, -1, "80a", "８０８０"))  # fmt: skip
NAMES = {
    "localhost": [["127.0.0.1", "::1"]],
    "localhost.localdomain": [["127.0.0.1"]],
    "ip6-localhost": [["::1"]],
    "sirup": [["127.0.0.1"]],
    "127.0.0.1.contoh.net": [["127.0.0.1"]],
    "metadata.google.internal": [["169.254.169.254"]],
    "dalam.contoh.go.id": [["10.1.2.3"]],
    "pemetaan.contoh.go.id": [["::ffff:127.0.0.1"]],
    "nat64.contoh.go.id": [["64:ff9b::7f00:1"]],
    "enam-ke-empat.contoh.go.id": [["2002:7f00:1::1"]],
    "nol.contoh.go.id": [["0.0.0.0"]],
    "campur-awal.contoh.go.id": [["127.0.0.1", PUBLIC]],
    "campur-akhir.contoh.go.id": [[PUBLIC, "127.0.0.1"]],
    "campur-enam.contoh.go.id": [[PUBLIC, "2606:4700::1", "::1"]],
    "cakupan.contoh.go.id": [["fe80::1%1"]],
    "tempelan.contoh.go.id": [["168.63.129.16"]],
    "kosong.contoh.go.id": [[]],
    "xn--bcher-kva.contoh.go.id": [["127.0.0.1"]],
}
NAMED = tuple(f"http://{name}:{{port}}/" for name in NAMES) + (
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    "http://Bücher.contoh.go.id:{port}/",
    "https://dalam.contoh.go.id/",
    "https://localhost:{port}/",
)
# The first answer is public and the next is not: whoever asks twice goes where nobody looked.
REBINDING = {
    "ganti.contoh.go.id": [[PUBLIC], ["127.0.0.1"]],
    "ganti-enam.contoh.go.id": [["2606:4700::1"], ["::1"]],
    "ganti-lambat.contoh.go.id": [[PUBLIC], [PUBLIC], ["127.0.0.1"]],
    "ganti-balik.contoh.go.id": [["127.0.0.1"], [PUBLIC]],
}
REDIRECTED = (
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://[::1]:{port}/",
    "http://0:{port}/",
    "http://2130706433:{port}/",
    "http://0177.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "//[::1]:{port}/",
    "http://dalam.contoh.go.id:{port}/",
    "http://campur-akhir.contoh.go.id:{port}/",
    "http://pemetaan.contoh.go.id:{port}/",
    "http://x@127.0.0.1:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "https://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
    "file:///etc/hostname",
    "gopher://127.0.0.1:{port}/_x",
)
LITERALS = tuple(f"http://{a}:{{port}}/" for a in SPECIAL_4) + tuple(f"http://[{a}]:{{port}}/" for a in SPECIAL_6)
DIRECT = (*LITERALS, *LOOPBACK_WRITTEN_OTHERWISE, *TWO_READINGS, *SCHEMES, *PORTS, *NAMED)

# What a register of a local government really holds, and where it leads.
GOOD_NAMES = {
    "umum.contoh.go.id": [[PUBLIC]],
    "enam.contoh.go.id": [["2606:4700::1111"]],
    "dua.contoh.go.id": [["2606:4700::1111", PUBLIC]],
    "xn--aplikasi-pnjng-8db.contoh.go.id": [["8.8.4.4"]],
    "xn--mnchen-3ya.contoh": [["103.87.1.1"]],
    "sim_rs.contoh.go.id": [["36.92.1.1"]],
    "a-b.c--d.contoh.go.id": [["172.15.255.254"]],
}
GOOD = (
    ("http://umum.contoh.go.id", PUBLIC, 80),
    ("http://umum.contoh.go.id/", PUBLIC, 80),
    ("https://umum.contoh.go.id/", PUBLIC, 443),
    ("HTTPS://UMUM.Contoh.GO.ID/Masuk", PUBLIC, 443),
    ("http://umum.contoh.go.id.", PUBLIC, 80),
    ("http://umum.contoh.go.id:80/", PUBLIC, 80),
    ("http://umum.contoh.go.id:443/", PUBLIC, 443),
    ("https://umum.contoh.go.id:/", PUBLIC, 443),
    ("https://umum.contoh.go.id/a/b.php?x=1&y=a%20b#bagian", PUBLIC, 443),
    ("https://umum.contoh.go.id/layanan%20publik", PUBLIC, 443),
    ("https://umum.contoh.go.id/dokumen/é", PUBLIC, 443),
    ("https://umum.contoh.go.id/?next=http://127.0.0.1/", PUBLIC, 443),
    ("https://umum.contoh.go.id/#@127.0.0.1/", PUBLIC, 443),
    ("https://enam.contoh.go.id/", "2606:4700::1111", 443),
    ("https://dua.contoh.go.id/", "2606:4700::1111", 443),
    ("http://München.contoh/", "103.87.1.1", 80),
    ("http://xn--mnchen-3ya.contoh/", "103.87.1.1", 80),
    ("http://sim_rs.contoh.go.id/", "36.92.1.1", 80),
    ("http://a-b.c--d.contoh.go.id/", "172.15.255.254", 80),
    ("http://1.1.1.1/", "1.1.1.1", 80),
    ("http://172.32.0.1/", "172.32.0.1", 80),
    ("http://11.0.0.1/", "11.0.0.1", 80),
    ("http://100.63.255.255/", "100.63.255.255", 80),
    ("http://198.20.0.1/", "198.20.0.1", 80),
    ("http://192.0.1.1/", "192.0.1.1", 80),
    ("http://223.255.255.254/", "223.255.255.254", 80),
    ("http://[2606:4700::1111]/", "2606:4700::1111", 80),
    ("https://[2001:4860:4860::8888]/", "2001:4860:4860::8888", 443),
    ("https://[2A00:1450:4001:81B::200E]/", "2a00:1450:4001:81b::200e", 443),
)
