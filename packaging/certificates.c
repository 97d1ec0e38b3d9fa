/* Lets the packed OpenSSL, which is Debian's and looks where Debian keeps them, find the certificate authorities of other systems.

   Linked in by link.sh, and called by krun when it begins. Whoever sets SSL_CERT_FILE or SSL_CERT_DIR, or ssl.ca.location, has said where they are. */
#include <stdlib.h>
#include <unistd.h>

static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt", /* Debian, Arch, Gentoo */
    "/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora, Red Hat, Amazon */
    "/etc/ssl/ca-bundle.pem",             /* SUSE */
    "/etc/ssl/cert.pem",                  /* Alpine and others */
};

void krun_begin_as_linked(void);

void krun_begin_as_linked(void) {
    if (getenv("SSL_CERT_FILE") || getenv("SSL_CERT_DIR") || access("/usr/lib/ssl/certs", R_OK) == 0) return;
    for (size_t index = 0; index < sizeof(bundles) / sizeof(bundles[0]); index++) {
        if (access(bundles[index], R_OK) != 0) continue;
        setenv("SSL_CERT_FILE", bundles[index], 0);
        return;
    }
}
