"""Which capability each builtin asks for first, written down by hand: the library must say the same.

A name that is in no row is a mistake: whoever adds a builtin decides here what it may reach. Names that this build does not
have (yet) do no harm.
"""

from __future__ import annotations

#: Names by capability. Path helpers ask for reading, since what they are told is how paths look on this machine.
ASKS: dict[str, str] = {
    "filesystem-read": (
        "read_file read_file_lossy read_lines file_exists list_dir file_size read_binary_file copy_file kv_get "
        "io_read_bytes io_read_at io_seek_read io_file_metadata "
        "join_path path_join dirname basename path_exists path_absolute path_is_dir path_is_file path_is_symlink "
        "path_extension os_getcwd os_chdir sha256_file md5_file zip_add_file zip_add_dir unzip load_image "
        "async_read_file async_read_files ssg_read_render_and_write_pages"
    ),
    "filesystem-write": (
        "write_file append_file create_dir rename_file write_binary_file kv_set io_write_bytes io_append_bytes io_write_at "
        "io_truncate io_copy_range zip_create async_write_file async_write_files ssg_render_and_write_pages"
    ),
    "filesystem-delete": "delete_file os_rmdir",
    "process-exec": "spawn_process pipe_commands",
    "shell-exec": "execute execute_status",
    "env-read": "env env_or env_int env_float env_bool env_required env_list os_environ",
    "env-write": "env_set",
    "network-client": (
        "tcp_connect udp_send_to http_get http_post http_put http_delete http_get_binary http_get_stream http_request "
        "parallel_http async_http_get async_http_post oauth2_get_token ai_chat ai_stream_chat ai_embedding ai_tool_loop"
    ),
    "network-server": "tcp_listen udp_bind",
    "database": "db_connect db_pool",
    "clock": (
        "now now_utc now_unix now_utc_seconds current_timestamp time performance_now time_us time_ns format_date parse_date "
        "sleep async_sleep async_timeout"
    ),
    "random": (
        "random random_int random_choice random_id uuid_v4 set_random_seed clear_random_seed hash_password aes_encrypt "
        "aes_encrypt_bytes rsa_generate_keypair rsa_encrypt oauth2_auth_url"
    ),
}

#: What reaches nothing, or only what another builtin was allowed to open (a connection, an archive, a server).
ASKS_NOTHING = (
    # output and the program's own affairs
    "print println eprint input debug format args arg_parser exit type type_of assert assert_equal assert_true assert_false "
    "assert_contains error "
    # values
    "is_int is_float is_string is_bool is_array is_dict is_null is_function is_truthy parse_int parse_float to_int to_float "
    "to_string str to_bool bytes array abs sqrt floor ceil round sin cos tan log exp pow min max bit_and bit_or bit_xor "
    "bit_shl bit_shr bit_not substring substr upper to_upper lower to_lower capitalize trim trim_start trim_end starts_with "
    "ends_with replace replace_str split join repeat char_at is_empty count_chars pad_left pad_right pad_start pad_end lines "
    "words str_reverse slugify truncate to_camel_case to_snake_case to_kebab_case len contains index_of push append pop "
    "insert remove remove_at clear slice concat sort reverse unique sum chunk flatten zip enumerate take skip windows range "
    "map filter reduce find any all keys values items has_key get get_default merge update invert dict Set set_add set_has "
    "set_remove set_union set_intersect set_difference set_to_array Queue queue_enqueue queue_dequeue queue_peek queue_size "
    "queue_is_empty queue_to_array Stack stack_push stack_pop stack_peek stack_size stack_is_empty stack_to_array "
    "parse_json to_json to_json_pretty parse_toml to_toml parse_yaml to_yaml parse_csv to_csv encode_base64 decode_base64 "
    "regex_match regex_find_all regex_replace regex_split format_duration elapsed "
    # digests, keys and tokens
    "sha256 md5 verify_password aes_decrypt aes_decrypt_bytes rsa_decrypt rsa_sign rsa_verify jwt_encode jwt_decode jwt_verify "
    # what this implementation leaves out: calling it is an error
    "gif_to_webp "
    # what is open already
    "db_execute db_query db_close db_begin db_commit db_rollback db_last_insert_id db_pool_acquire db_pool_release "
    "db_pool_stats db_pool_close tcp_accept tcp_send tcp_receive tcp_close tcp_set_nonblocking udp_receive_from udp_close "
    "zip_close "
    # a server asks when it begins to listen
    "http_server http_listen http_response html_response json_response redirect_response set_header set_headers "
    # tasks
    "channel promise_all await_all Promise.all __vm_for_iterable spawn_task await_task cancel_task shared_set shared_get shared_has "
    "shared_delete shared_add_int set_task_pool_size get_task_pool_size parallel_map par_map par_each ssg_render_pages "
    "ssg_build_output_paths"
)

TABLE: dict[str, str | None] = {name: capability for capability, names in ASKS.items() for name in names.split()}
TABLE |= dict.fromkeys(ASKS_NOTHING.split())
