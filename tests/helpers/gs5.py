#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""gs5.py PORT FOLDER: what Rails with GS5 does when phones ask, for an invented site.

Writes each request as a line of JSON to the file requests, and NOTIFYs to
notifies in the folder. The file mode there, when it is there, names a way to fail."""
import gzip
import json
import os
import re
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape, quoteattr

LOCK = threading.Lock()
USERS = {
    'ada': ('ada1', 'Geh3imNr7Fest', 'Ada Byron', '*97'),
    'bob': ('bob1', 'Geh3imNr8Fest', 'Bob -- Halle 2', ''),
    'eve': ('eve1', 'Geh3imNr9Fest', None, ''),
    'hall': ('hall1', 'Geh3imNr6Fest', 'Halle', ''),
    'out': ('out1', 'Geh3imNr5Fest', 'Far', ''),
}
EVE = {
    'element': '--><user_outbound idx="1" perm="R">evil.example:5061;'
               'transport=tls</user_outbound><!--',
    'line': 'x, on -->\n<http_pass perm="R">x</http_pass>\n'
            '<!-- sip account 1: y',
    'server': 'x, on -->\n<setting_server perm="RW">https://evil.example/'
              '</setting_server>\n<!-- sip account 1: y',
    'vision': 'x, on -->\n</phone-settings>\n<gui>\n<phone_ip>1</phone_ip>\n'
              '</gui>\n<phone-settings>\n<!-- sip account 1: y',
    'text': '-->',
}
# By MAC address: id, key, whether the key was used, accounts, in that order.
PHONES = {
    '000413260001': dict(id=1, key='a' * 24, active=False, who=['hall']),
    '000413260002': dict(id=2, key='b' * 24, active=False, who=['ada', 'bob']),
    '000413260003': dict(id=3, key='c' * 24, active=False, who=['eve']),
    '000413260004': dict(id=4, key='d' * 24, active=False, who=['out']),
    '000413430010': dict(id=10, key='e' * 24, active=False, who=[],
                         vision=True),
}
KEYS = [
    ('1', 'Tor & Tür', 'blf <sip:501@gs5.test>|f-ia-'),
    ('1', 'speed', 'speed 0301234567'), ('1', 'dtmf', 'dtmf *21#'),
    ('1', 'log_out', 'speed f-lo'), ('1', 'log_in', 'speed f-li-440'),
    ('1', 'hold', 'keyevent F_R'), ('active', '', 'none '),
]
NESTED = ['conference', 'parking_stall', 'call_forwarding',
          'call_forwarding_always', 'call_forwarding_assistant',
          'hunt_group_membership', 'acd_membership']
SETTINGS = """auto_reboot_on_setting_change RW off
web_language RW English
language RW Deutsch
timezone RW GER+1
reset_settings RW
update_policy RW settings_only
webserver_type R http_https
http_scheme RW off
http_port R 80
https_port R 443
http_user R admin
http_pass R W3bKennwort99
admin_mode_password R
tone_scheme RW GER
ignore_security_warning R on
ieee8021x_eap_md5_username RW port
ieee8021x_eap_md5_password RW Geh3imNr4Fest
internal_ringer_text RW Ringer1
dim_timer RW 300
led_on RW ON BUSY
dkey_retrieve RW speed f-vmcheck"""


def element(name, perm, value, idx=None):
    idx = '' if idx is None else " idx='%s'" % idx
    return "<%s%s perm='%s'>%s</%s>" % (name, idx, perm, escape(value), name)


def nested(base, phone, i, kind):
    return """<fkey context='1' idx='%d' label='%s' perm='RW'>
<general type='%s'>
<default_state name='initial'></default_state>
</general>
<subscription for='sip:f-%s@gs5.test' to='sip:f-%s@gs5.test' type='dialog'>
<NotifyParsingRules type='applies'>
<level1 translates_to='OK'>/dialog-info[@entity=&quot;x&quot;]</level1>
</NotifyParsingRules>
</subscription>
<action>
<url target='%s/config_snom/%d/1/%s.xml?id=7&amp;function=toggle' when='on press'></url>
<dial request_uri='$(remote_uri)' target='f-%s' when='on press'></dial>
</action>
</fkey>""" % (i, kind, kind, kind, kind, base, phone['id'], kind, kind)


def account(i, user):
    name, host, state = '', '', 'off'
    auth = password = box = ''
    if user:
        auth, password, name, box = USERS[user]
        host = 'far.example' if user == 'out' else 'gs5.test'
        state = 'on'
    if user == 'eve':
        try:
            name = EVE[open('eve').read().strip()]
        except OSError:
            name = 'Eve'
    out = ['<!-- sip account %d: %s, %s -->' % (i, name, state)]
    for setting, perm, value in (
            ('active', 'R', state), ('pname', 'R', auth),
            ('pass', 'R', password), ('host', 'R', host),
            ('outbound', 'R', host), ('name', 'R', auth),
            ('realname', 'R', 'Call'), ('idle_text', 'R', name),
            ('mailbox', 'R', box), ('expiry', 'R', '3600'),
            ('server_type', 'R', 'default'), ('srtp', 'RW', 'off'),
            ('savp', 'RW', 'off')):
        out.append(element('user_' + setting, perm, value, i + 1))
    return out


def settings(phone, base, silent):
    out = ["<?xml version='1.0' encoding='utf-8' ?>", '<settings>',
           '<phone-settings>']
    if not silent:
        out.append(element('setting_server', 'RW',
                           '%s/snom-%s.xml' % (base, phone['key'])))
    for line in SETTINGS.splitlines():
        name, perm, *value = line.split(' ', 2)
        out.append(element(name, perm, ''.join(value)))
    page = '%s/config_snom/%d/1/' % (base, phone['id'])
    out.append(element('dkey_redial', 'RW',
                       'url %scall_history.xml?type=dialed' % page))
    out.append(element('dkey_directory', 'RW', 'url %sphone_book.xml' % page))
    who = [] if silent else phone['who']
    out.append('<!-- Display -->')
    out.append('<!-- sip accounts: 12 -->')
    for i in range(12):
        out += account(i, who[i] if i < len(who) else None)
    out += ['<!-- all sip accounts done -->', '</phone-settings>',
            '<functionKeys>']
    for i, (context, label, value) in enumerate(KEYS):
        out.append("<fkey context='%s' idx='%d' label=%s perm='RW'>%s</fkey>" % (
            context, i, quoteattr(label), escape(value)))
    for i, kind in enumerate(NESTED):
        out.append(nested(base, phone, len(KEYS) + i, kind))
    out += ['</functionKeys>', '<uploads>', '<!-- Phone menu -->',
            "<file type='gui_xml_state_settings' "
            "url='%s/config_snom/%d/state_settings.xml'></file>" % (
                base, phone['id']), '</uploads>', '</settings>', '']
    return '\n'.join(out)


def vision(phone, base):
    return """<?xml version='1.0' encoding='utf-8' ?>
<settings>
<webserver>
<user perm='!'>admin</user>
<passwd perm='!'>W3bKennwort99</passwd>
</webserver>
<global>
<provisioning_server perm='!'>%s/snom_vision-%s.xml</provisioning_server>
</global>
<gui>
<phone_scheme perm='$'>https</phone_scheme>
<left_button_imageurl idx='1' perm='!'>%s/uploads/user/image/9/small.jpg</left_button_imageurl>
</gui>
</settings>
""" % (base, phone['key'], base)


def menu(base, path):
    return """<?xml version='1.0' encoding='utf-8' ?>
<SnomIPPhoneMenu>
<Title>Müller</Title>
<MenuItem>
<Name>%s</Name>
<URL>%s%s?id=1&amp;x=2</URL>
</MenuItem>
<MenuItem><Name>Wetter</Name><URL>http://weather.example:443/</URL></MenuItem>
<MenuItem><Name>Halten</Name><URL>http://phone/command.htm?key=F_R</URL></MenuItem>
</SnomIPPhoneMenu>
""" % (escape(path), base, path)


def login(base, phone):
    return """<?xml version='1.0' encoding='utf-8' ?>
<SnomIPPhoneInput>
<Title>PIN</Title>
<Prompt>PIN</Prompt>
<URL>%s/config_snom/%d/log_in.xml</URL>
<InputItem>
<DisplayName>PIN</DisplayName>
<QueryStringParam>user=bob&amp;pin</QueryStringParam>
<InputFlags>pn</InputFlags>
</InputItem>
</SnomIPPhoneInput>
""" % (base, phone['id'])


def find(path):
    """The phone of a path, made at its first contact; and whether the key was
    used before."""
    mac = re.match(r'/(?:settings|snom[0-9]{3})-(000413[0-9A-Fa-f]{6})', path)
    key = re.match(r'/snom(?:_vision)?-([a-z0-9]{24})', path)
    with LOCK:
        if mac:
            name = mac.group(1).upper()
            if name not in PHONES:
                PHONES[name] = dict(id=100 + len(PHONES), active=False,
                                    key=('%024d' % len(PHONES)), who=['hall'])
            phone = PHONES[name]
            return phone, phone['active']
        for phone in PHONES.values():
            if key and phone['key'] == key.group(1):
                phone['active'] = True
                return phone, False
            if re.match(r'/config_snom/%d/' % phone['id'], path):
                return phone, False
    return None, False


class Rails(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def send(self, status, body=b'', kind='application/xml', more=()):
        out = ['HTTP/1.1 %d x' % status]
        if not any(m.startswith('Content-Length') for m in more):
            out.append('Content-Length: %d' % len(body))
        if body:
            out.append('Content-Type: %s; charset=utf-8' % kind)
        out += ['ETag: "unfiltered"', 'Last-Modified: yesterday',
                'Digest: x', 'Set-Cookie: _gs5=1; path=/; HttpOnly',
                'Connection: close'] + list(more)
        self.close_connection = True
        self.wfile.write('\r\n'.join(out + ['', '']).encode('latin-1'))
        if self.command != 'HEAD':
            self.wfile.write(body)

    def note(self, body):
        with LOCK, open('requests', 'a') as f:
            f.write(json.dumps(dict(
                method=self.command, target=self.path, body=len(body),
                headers=self.headers.items())) + '\n')

    def answer(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        self.note(body)
        path, _, query = self.path.partition('?')
        base = '%s://%s' % (self.headers.get('X-Forwarded-Proto', 'http'),
                            self.headers['Host'])
        phone, was = find(path)
        kind = 'application/xml'
        if path.startswith('/uploads/'):
            return self.send(200, b'\xff\xd8\xff\xe0picture', 'image/jpeg')
        if phone is None:
            return self.send(404, b'key ' + path.encode(), 'text/plain')
        if not path.startswith('/config_snom/'):
            text = vision(phone, base) if phone.get('vision') else \
                settings(phone, base, was)
        elif path.endswith('/exit.xml'):
            text, kind = '<exit />', 'text/xml'
        elif path.endswith('/log_in.xml') and 'pin=' in query:
            phone['who'] = ['bob']
            with open('notifies', 'a') as f:
                f.write('check-sync;reboot %d\n' % phone['id'])
            text, kind = '<exit />', 'text/xml'
        elif path.endswith('/log_in.xml'):
            text = login(base, phone)
        elif path.endswith('/log_out.xml'):
            return self.send(302, more=['Location: %s/config_snom/%d/exit.xml'
                                        % (base.replace('https', 'http'),
                                           phone['id'])])
        else:
            text = menu(base, path)
        self.fail(text.encode(), kind)

    def fail(self, body, kind):
        try:
            mode = open('mode').read().strip()
        except OSError:
            mode = ''
        plain = re.fullmatch('[1-5][0-9][0-9]', mode)
        if plain:
            self.send(int(mode), body)
        elif mode == 'login':
            self.send(401, body, more=['WWW-Authenticate: Basic realm="x"'])
        elif mode == 'empty':
            self.send(200)
        elif mode == 'cut':
            self.send(200, body[:300], more=['Content-Length: %d' % len(body)])
        elif mode == 'half':
            self.send(200, body[:300])
        elif mode == 'gzip':
            self.send(200, gzip.compress(body), more=['Content-Encoding: gzip'])
        elif mode == 'named-br':
            self.send(200, body, more=['Content-Encoding: br'])
        elif mode == 'hidden-gzip':
            self.send(200, gzip.compress(body))
        elif mode == 'text':
            self.send(200, b'Hello', 'text/plain')
        elif mode == 'html':
            self.send(200, b'<html><body>x</body></html>', 'text/html')
        elif mode == 'octets':
            self.send(200, body, 'application/octet-stream')
        elif mode == 'menu':
            self.send(200, menu('http://x', '/').encode())
        elif mode == 'big':
            self.send(200, body + b'<!-- ' + b'x' * 40000000 + b' -->')
        elif mode == 'tiny':
            self.send(200, body.replace(b'</phone-settings>', b'<a b="" c=""/>'
                                        * 298000 + b'</phone-settings>'))
        elif mode == 'slow':
            time.sleep(20)
        elif mode == 'twice':
            self.send(200, body, more=['Content-Length: %d' % len(body)] * 2)
        elif mode == 'lengths':
            self.send(200, b'%x\r\n%s\r\n0\r\n\r\n' % (len(body), body),
                      more=['Transfer-Encoding: chunked'])
        elif mode == 'latin1':
            text = body.decode().replace('utf-8', 'iso-8859-1', 1)
            self.send(200, text.encode('latin-1'), kind)
        elif mode == 'wrapped':
            self.send(200, b'<x><phone-settings><user_active idx="1">on'
                           b'</user_active></phone-settings></x>')
        elif mode in ('https://evil.example/', 'ftps://gs5.test/'):
            self.send(200, re.sub(b"(<setting_server[^>]*>)[^<]*",
                                  rb'\1' + mode.encode(), body))
        elif mode == 'hop':
            self.send(200, body, more=['Upgrade: h2c'])
        elif mode == 'control':
            self.send(200, body, more=['X-A: b\x01c'])
        elif mode == 'away':
            self.send(302, more=['Location: https://evil.example/x'])
        elif mode == 'reset':
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                       b'\1\0\0\0\0\0\0\0')
            self.connection.close()
        else:
            self.send(200, body, mode.partition(' ')[2] or kind)

    do_GET = do_HEAD = do_POST = answer


if __name__ == '__main__':
    os.chdir(sys.argv[2])
    ThreadingHTTPServer.request_queue_size = 128
    ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Rails).serve_forever()
