# A data frame of all projects. install.packages(c("httr2", "jsonlite"))
library(httr2)

pull <- function(list, base = "https://portail.example/api/v1") {
  pages <- list()
  address <- paste0(base, "/", list, "?page_size=500")
  while (!is.null(address)) {
    page <- request(address) |>
      req_headers(Authorization = paste("Token", Sys.getenv("PORTAIL_TOKEN"))) |>
      req_retry(max_tries = 5) |>
      req_perform() |>
      resp_body_string() |>
      jsonlite::fromJSON(flatten = TRUE)
    pages[[length(pages) + 1]] <- page$results
    address <- page$`next`
  }
  jsonlite::rbind_pages(pages)
}

projects <- pull("projects")
