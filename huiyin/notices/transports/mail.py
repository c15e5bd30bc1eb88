"""Mail by SMTP. The server is the installation's (HUIYIN_MAIL_URL); an office only switches it on."""

import smtplib
import ssl

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from huiyin.notices.transports.wire import Failed

SECONDS = 10


def is_set_up() -> bool:
    return settings.MAIL is not None


def carry(sender, delivery):
    """One mail; the Message-ID is the same at every try, so that a mailbox knows a repeated one."""
    server = settings.MAIL
    if server is None:
        raise Failed("没有设邮件服务器（HUIYIN_MAIL_URL），请找运维")
    message = EmailMessage(
        subject=" ".join(delivery.subject.split()),
        body="\n\n".join(filter(None, [delivery.text, delivery.url])),
        from_email=server["from"],
        to=[delivery.address],
        headers={
            "Message-ID": f"<{delivery.pk}@{server['from'].rpartition('@')[2].strip('<> ')}>",
            "Idempotency-Key": delivery.key,
            "Auto-Submitted": "auto-generated",
        },
        connection=EmailBackend(
            host=server["host"], port=server["port"], username=server["user"], password=server["password"],
            use_tls=server["tls"] == "starttls", use_ssl=server["tls"] == "tls", timeout=SECONDS, fail_silently=False,
        ),
    )  # fmt: skip
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise Failed(f"邮件服务器不收这个地址（{code}）", for_good=code >= 500, whole=False) from error
    except smtplib.SMTPAuthenticationError as error:
        raise Failed("邮件服务器不认账号密码") from error
    except smtplib.SMTPResponseException as error:
        raise Failed(f"邮件服务器不收（{error.smtp_code}）", for_good=False) from error
    except (ValueError, UnicodeError) as error:  # a line break in an address, an address that is none
        raise Failed("邮箱地址不对", for_good=True, whole=False) from error
    except ssl.SSLError as error:
        raise Failed("邮件服务器的证书不对") from error
    except ConnectionRefusedError as error:
        raise Failed("邮件服务器不接受连接") from error
    except TimeoutError as error:
        raise Failed("邮件服务器没有按时应答") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Failed(f"邮件没发成（{type(error).__name__}）") from error
