--- What Neovim's own client has no command for.
local M = {}

--- Shows what is on the wire at the cursor, and who decides it, in a float: istio-ls alone, whatever other servers say.
function M.tls()
  local client = vim.lsp.get_clients({ bufnr = 0, name = "istio_ls" })[1]
  if not client then
    vim.notify("istio-ls does not run in this buffer, see :checkhealth istio_ls", vim.log.levels.WARN)
    return
  end
  local buffer = vim.api.nvim_get_current_buf()
  local position = vim.lsp.util.make_position_params(0, client.offset_encoding)
  client:request("textDocument/hover", position, function(failed, hover)
    if vim.api.nvim_get_current_buf() ~= buffer then return end
    if failed or not hover then
      vim.notify(failed and failed.message or "nothing here has a say in TLS", vim.log.levels.INFO)
      return
    end
    local lines = vim.lsp.util.convert_input_to_markdown_lines(hover.contents)
    vim.lsp.util.open_floating_preview(lines, "markdown", { border = "rounded", title = " TLS ", focus_id = "istio_ls" })
  end, buffer)
end

return M
