;;; istio-ls.el --- istio-ls for eglot  -*- lexical-binding: t -*-
;; Load it, then M-x eglot in a YAML buffer.
(require 'eglot)
(add-to-list 'eglot-server-programs '((yaml-mode yaml-ts-mode) "istio-ls"))
(provide 'istio-ls)
