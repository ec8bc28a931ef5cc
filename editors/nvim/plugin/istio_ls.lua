vim.api.nvim_create_user_command("IstioTls", function()
  require("istio_ls").tls()
end, { desc = "Show the TLS of what is under the cursor" })
